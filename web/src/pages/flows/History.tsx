/** Everything that was published: by whom, why, what it changed; and the one step back. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { ReleaseRow } from '../../api/types.ts';
import { dateTime } from '../../time/format.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { showToast } from '../../ui/toasts.ts';
import { Differences } from './Differences.tsx';
import { RefusalText } from './RefusalText.tsx';

export function History({ current, editable }: { current: number; editable: boolean }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<ReleaseRow | null>(null);
  const [wanted, setWanted] = useState<ReleaseRow | null>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['flow-releases', current],
    queryFn: () => api.flowReleases(),
  });
  if (isPending) return <LoadingState />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) return <EmptyState text={t('flows.neverPublished')} />;
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={t('flows.history')}>
      <table className="table">
        <thead>
          <tr>
            <th className="table__number">{t('flows.release')}</th>
            <th>{t('flows.publishedAt')}</th>
            <th>{t('flows.author')}</th>
            <th>{t('flows.noteTitle')}</th>
            <th>{t('flows.changedFiles')}</th>
            <th>
              <span className="visually-hidden">{t('flows.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((row) => (
            <tr key={row.number} data-testid={`release-${row.number}`}>
              <td className="table__number">{row.number}</td>
              <td>{dateTime(row.at)}</td>
              <td>{row.kind === 'files' ? t('flows.fromFiles') : row.author}</td>
              <td>
                {row.kind === 'rollback' && <strong>{t('flows.backTo', { number: row.back_to ?? 0 })} </strong>}
                {row.note}
              </td>
              <td>{(row.changed ?? []).join(', ')}</td>
              <td className="history__actions">
                {row.number > 1 && (
                  <button type="button" className="button button--small" onClick={() => setShown(row)}>
                    {t('flows.differences')}
                  </button>
                )}
                {row.number === current ? (
                  <span className="badge" data-tone="ready">
                    {t('flows.inForce')}
                  </span>
                ) : (
                  editable && (
                    <button
                      type="button"
                      className="button button--small"
                      onClick={() => setWanted(row)}
                      data-testid="roll-back"
                    >
                      {t('flows.rollBack')}
                    </button>
                  )
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Dialog
        title={t('flows.whatChanged', { number: shown?.number ?? 0 })}
        open={shown !== null}
        onClose={() => setShown(null)}
        wide
      >
        {shown && <ReleaseDifferences number={shown.number} />}
      </Dialog>
      {wanted && <RollBack to={wanted} after={current} onClose={() => setWanted(null)} />}
    </div>
  );
}

function ReleaseDifferences({ number }: { number: number }) {
  const { data, error, isPending } = useQuery({
    queryKey: ['flow-diff', number],
    queryFn: () => api.flowDifferences(number - 1, number),
    staleTime: Infinity,
  });
  if (isPending) return <LoadingState />;
  if (error) return <ErrorState error={error} />;
  return data.map((one) => (
    <section key={one.file} className="release-diff">
      <h3>{one.file}</h3>
      <Differences file={one.file} before={one.before ?? ''} after={one.after ?? ''} />
    </section>
  ));
}

function RollBack({ to, after, onClose }: { to: ReleaseRow; after: number; onClose: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const go = useMutation({
    mutationFn: () =>
      api.rollBackFlows({ to: to.number, after, note: note.trim() || t('flows.backTo', { number: to.number }) }),
    onSuccess: () => {
      showToast('info', t('flows.rolledBack', { number: to.number }));
      onClose();
    },
    onSettled: () => refreshFlows(queries),
  });
  return (
    <Dialog
      title={t('flows.rollBackTo', { number: to.number })}
      open
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button
            type="button"
            className="button button--primary"
            data-pending={go.isPending}
            onClick={() => go.mutate()}
            data-testid="roll-back-now"
          >
            {t('flows.rollBack')}
          </button>
        </>
      }
    >
      <p>{t('flows.rollBackHint')}</p>
      <label className="field">
        <span>{t('flows.noteTitle')}</span>
        <input value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
      </label>
      {go.error && <RefusalText error={go.error} />}
    </Dialog>
  );
}

/** After anything was published or refused: what is shown may be old. */
export function refreshFlows(queries: ReturnType<typeof useQueryClient>): Promise<unknown> {
  return Promise.all(
    ['flows', 'flow-file', 'flow-releases', 'flow-drawing', 'flow-check'].map((key) =>
      queries.invalidateQueries({ queryKey: [key] }),
    ),
  );
}
