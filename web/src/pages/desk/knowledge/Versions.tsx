/** What an article said before: chosen on the left, shown as it was. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Article } from '../../../api/desk.ts';
import { useArticleVersions } from '../../../api/deskQueries.ts';
import { dateTime } from '../../../time/format.ts';
import { ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { textOf } from './script.ts';

export function Versions({ id, current }: { id: number; current: Article }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useArticleVersions(id, true);
  const [chosen, setChosen] = useState(current.version);
  const shown = data?.find(({ version }) => version === chosen);
  return (
    <section className="panel" aria-label={t('desk.knowledge.versions')}>
      <h3 className="panel__title">{t('desk.knowledge.versions')}</h3>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      <div className="desk-part desk-actions">
        {data?.map(({ version, changed_by, changed_at }) => (
          <button
            key={version}
            type="button"
            className="button button--small"
            aria-pressed={version === chosen}
            onClick={() => setChosen(version)}
          >
            {t('desk.knowledge.version', { version })} · {changed_by} · {dateTime(changed_at)}
          </button>
        ))}
      </div>
      {shown && (
        <div className="desk-part">
          <strong>{shown.content.title}</strong>
          <p className="desk-text desk-article">
            {shown.content.kind === 'script' ? textOf(shown.content.steps ?? []) : shown.content.body}
          </p>
        </div>
      )}
    </section>
  );
}
