import { CheckCircleFilled, CloseCircleFilled, RobotOutlined, SoundOutlined, WarningFilled } from '../../ui/icons.ts';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useReference } from '../../api/queries.ts';
import type { CallRow } from '../../api/types.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { clockDuration, dateTime } from '../../time/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import type { Tone } from '../../ui/tones.ts';
import { type Filters, PAGE_SIZE } from './filters.ts';

const OUTCOME_LOOK: Record<string, { tone: Tone; Icon: ComponentType }> = {
  answered: { tone: 'ready', Icon: CheckCircleFilled },
  abandoned: { tone: 'ringing', Icon: CloseCircleFilled },
  self_service: { tone: 'training', Icon: RobotOutlined },
};
const OTHER_OUTCOME = { tone: 'danger' as Tone, Icon: WarningFilled };

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const codeWord = useCodeWord();
  if (outcome === '') return '–';
  const { tone, Icon } = OUTCOME_LOOK[outcome] ?? OTHER_OUTCOME;
  return (
    <span className="badge" data-tone={tone}>
      <Icon />
      {codeWord('outcome', outcome)}
    </span>
  );
}

interface Props {
  calls: UseQueryResult<{ items: CallRow[]; total: number }>;
  filters: Filters;
  chosen: string | undefined;
  addressOf: (id: string) => string;
  onPage: (page: number) => void;
}

export function CallList({ calls, filters, chosen, addressOf, onPage }: Props) {
  const { t } = useTranslation();
  const { data, error, isPending, isPlaceholderData, refetch } = calls;
  return (
    <>
      <div className="table-box" tabIndex={0} role="region" aria-label={t('records.list')}>
        <table className={isPlaceholderData ? 'table stale' : 'table'}>
          <thead>
            <tr>
              <th>{t('records.startedAt')}</th>
              <th>{t('records.caller')}</th>
              <th>{t('records.queue')}</th>
              <th>{t('records.agent')}</th>
              <th>{t('records.outcome')}</th>
              <th className="table__number">{t('records.waited')}</th>
              <th className="table__number">{t('records.talked')}</th>
              <th>{t('records.disposition')}</th>
              <th>{t('records.recording')}</th>
              <th>{t('records.notes.column')}</th>
            </tr>
          </thead>
          <tbody>
            {data?.items.map((row) => (
              <Row key={row.id} row={row} chosen={row.id === chosen} address={addressOf(row.id)} />
            ))}
          </tbody>
        </table>
        {isPending && <LoadingState />}
        {error && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && <EmptyState text={t('records.empty')} />}
      </div>
      {data && <Pages total={data.total} page={filters.page} onPage={onPage} />}
    </>
  );
}

function Row({ row, chosen, address }: { row: CallRow; chosen: boolean; address: string }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const codeWord = useCodeWord();
  const reference = useReference();
  const queue = reference?.queues.find(({ id }) => id === row.queue_id);
  const disposition = reference?.dispositions.find(({ code }) => code === row.disposition);
  return (
    <tr className="call-row" aria-current={chosen ? 'true' : undefined} data-testid={`record-${row.id}`}>
      <td>
        {/* The link covers the row: one target for mouse, keyboard and "open in a new tab". */}
        <Link className="call-row__link" to={address}>
          {dateTime(row.started_at)}
        </Link>
      </td>
      <td>
        {row.caller_number ? <PhoneNumber number={row.caller_number} /> : t('pop.anonymous')}
        {row.customer && <small>{row.customer.name}</small>}
      </td>
      <td>{localized(queue?.name, row.queue_id)}</td>
      <td>
        {row.agent?.name}
        {row.agent && <small>{row.agent.number}</small>}
      </td>
      <td>
        <OutcomeBadge outcome={row.outcome} />
      </td>
      <td className="table__number">{clockDuration(row.waited_ms / 1000)}</td>
      <td className="table__number">{row.talk_ms > 0 ? clockDuration(row.talk_ms / 1000) : '–'}</td>
      <td>{localized(disposition?.name, row.disposition)}</td>
      <td>
        {row.recordings.length > 0 && (
          <span title={t('records.hasRecording')}>
            <SoundOutlined aria-hidden={false} aria-label={t('records.hasRecording')} />
          </span>
        )}
      </td>
      <td className="call-row__notes">
        {(row.marks ?? []).map((mark) => (
          <span key={mark} className="badge" data-tone={mark === 'complaint' ? 'danger' : 'training'}>
            {codeWord('mark', mark)}
          </span>
        ))}
        {(row.comments ?? 0) > 0 && <span>{t('records.notes.count', { count: row.comments })}</span>}
      </td>
    </tr>
  );
}

function Pages({ total, page, onPage }: { total: number; page: number; onPage: (page: number) => void }) {
  const { t } = useTranslation();
  const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
  return (
    <footer className="pages">
      <span>{t('records.total', { count: total })}</span>
      <button type="button" className="button button--small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {t('records.previous')}
      </button>
      <span>{t('records.page', { page, pages })}</span>
      <button type="button" className="button button--small" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {t('records.next')}
      </button>
    </footer>
  );
}
