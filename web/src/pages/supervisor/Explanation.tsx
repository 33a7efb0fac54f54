/** The routing engine's own account of a call. Its fields are not fixed, so they are shown as they come. */

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useExplanation } from '../../api/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';

export function Explanation({ callId, onClose }: { callId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useExplanation(callId);
  return (
    <Dialog title={t('supervisor.explainTitle')} open={callId !== null} onClose={onClose} wide>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && <div className="explanation">{show(data)}</div>}
    </Dialog>
  );
}

function show(value: unknown): ReactNode {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) {
    if (value.length === 0) return '–';
    return (
      <ul>
        {value.map((item: unknown, index) => (
          <li key={index}>{show(item)}</li>
        ))}
      </ul>
    );
  }
  if (typeof value === 'object') {
    return (
      <dl>
        {Object.entries(value).map(([name, item]) => (
          <div key={name}>
            <dt>{name.replaceAll('_', ' ')}</dt>
            <dd>{show(item)}</dd>
          </div>
        ))}
      </dl>
    );
  }
  if (typeof value === 'number') return Number.isInteger(value) ? value : value.toFixed(1);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
