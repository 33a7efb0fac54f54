/** How far a download is, with the way out; or why it failed. */

import { useTranslation } from 'react-i18next';
import type { Progress } from '../api/download.ts';
import { fileSize, percent } from '../time/format.ts';
import { useProblemText } from './useProblemText.ts';

interface Props {
  progress: Progress | null;
  error: unknown;
  cancel: () => void;
}

export function FileProgress({ progress, error, cancel }: Props) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  if (progress !== null) {
    return (
      <span className="file-progress" role="status">
        <progress max={1} value={progress.share ?? undefined} aria-label={t('common.downloading')} />
        {progress.share === null ? fileSize(progress.received) : percent(progress.share, 0)}
        <button type="button" className="button button--small" onClick={cancel}>
          {t('common.cancel')}
        </button>
      </span>
    );
  }
  return error === null ? null : (
    <span className="file-progress" role="alert" data-tone="danger">
      {problemText(error)}
    </span>
  );
}
