/** What was changed, side by side; long equal stretches are folded. */

import { MergeView } from '@codemirror/merge';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { editorExtensions } from './editor.ts';

interface Props {
  file: string;
  before: string;
  after: string;
}

export function Differences({ file, before, after }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null || before === after) return;
    const view = new MergeView({
      parent: place.current,
      a: { doc: before, extensions: editorExtensions(t('flows.before', { file }), true) },
      b: { doc: after, extensions: editorExtensions(t('flows.after', { file }), true) },
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    });
    return () => view.destroy();
  }, [before, after, file, t]);
  if (before === after) return <p className="quiet flows__note">{t('flows.noDifferences')}</p>;
  return <div ref={place} className="differences" data-testid="flow-differences" />;
}
