/** Quality inspection (质检): what was drawn, marks with fatal items, disputes, results; agents see their own. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import type { InspectionQuery, InspectionRow } from '../../../api/desk.ts';
import { useInspections, useResults, useSheets } from '../../../api/deskQueries.ts';
import { maySupervise, useSession } from '../../../api/session.ts';
import { serverNow } from '../../../time/clock.ts';
import { shortInstant } from '../../../time/format.ts';
import { WarningFilled } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import type { Tone } from '../../../ui/tones.ts';
import { DrawDialog, SheetDialog } from './dialogs.tsx';
import { Marking } from './Marking.tsx';

type State = NonNullable<InspectionQuery['state']>;
const STATES = ['drawn', 'published', 'disputed', 'settled'] as const;
const STATE_TONE: Record<string, Tone> = {
  drawn: 'break',
  published: 'ready',
  disputed: 'danger',
  settled: 'training',
};
const DAY = 86_400;

export function InspectionPage() {
  const { t } = useTranslation();
  const { id } = useParams();
  const { user } = useSession();
  const [search, setSearch] = useSearchParams();
  const state: State = STATES.find((one) => one === search.get('state')) ?? '';
  const found = useInspections({ state, page: 1, page_size: 100 });
  const supervises = maySupervise(user.role);
  const [asking, setAsking] = useState<'draw' | 'sheet' | null>(null);
  const chosen = found.data?.find((row) => String(row.id) === id);
  return (
    <div className="desk-columns desk-columns--wide-side">
      <section className="panel desk-list" aria-label={t('desk.nav.inspection')}>
        <div className="desk-bar">
          <select
            className="field desk-select"
            aria-label={t('desk.field.state')}
            value={state}
            data-testid="inspection-state"
            onChange={({ target: { value } }) => setSearch(value === '' ? {} : { state: value }, { replace: true })}
          >
            <option value="">{t('desk.inspection.anyState')}</option>
            {STATES.map((one) => (
              <option key={one} value={one}>
                {t(`desk.inspection.state_${one}`)}
              </option>
            ))}
          </select>
          <span className="desk-bar__gap" />
          {supervises && (
            <>
              <button type="button" className="button" onClick={() => setAsking('sheet')}>
                {t('desk.inspection.sheets')}
              </button>
              <button
                type="button"
                className="button button--primary"
                data-testid="inspection-draw"
                onClick={() => setAsking('draw')}
              >
                {t('desk.inspection.draw')}
              </button>
            </>
          )}
        </div>
        <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('desk.nav.inspection')}>
          {found.isPending && <LoadingState />}
          {found.error && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
          {found.data?.length === 0 && <EmptyState text={t('desk.inspection.none')} />}
          <ul className="desk-cards">
            {found.data?.map((row) => (
              <li key={row.id} className="desk-card" aria-current={row === chosen ? 'true' : undefined}>
                <Link
                  className="desk-card__what"
                  to={`/desk/inspection/${row.id}${search.size > 0 ? `?${search.toString()}` : ''}`}
                  data-testid={`inspection-${row.id}`}
                >
                  <span className="desk-card__line">
                    <strong>{row.agent_name || '–'}</strong>
                    <span className="desk-mark" data-tone={STATE_TONE[row.state]}>
                      {t(`desk.inspection.state_${row.state as (typeof STATES)[number]}`)}
                    </span>
                    {row.fatal && (
                      <span className="desk-mark" data-tone="danger">
                        <WarningFilled /> {t('desk.inspection.fatal')}
                      </span>
                    )}
                  </span>
                  <small className="quiet">
                    {row.sheet_name} · {shortInstant(row.drawn_at, serverNow())}
                  </small>
                </Link>
                {row.score !== null && <strong>{t('desk.inspection.points', { count: row.score })}</strong>}
              </li>
            ))}
          </ul>
        </div>
      </section>
      <div className="desk-stack desk-scroll">
        {chosen ? (
          <One key={`${chosen.id}:${chosen.version}`} row={chosen} />
        ) : (
          <section className="panel">
            <EmptyState text={t('desk.inspection.choose')} />
          </section>
        )}
        {supervises && <Results />}
      </div>
      {asking === 'draw' && <DrawDialog onClose={() => setAsking(null)} />}
      {asking === 'sheet' && <SheetDialog onClose={() => setAsking(null)} />}
    </div>
  );
}

function One({ row }: { row: InspectionRow }) {
  const { data: sheets, error, isPending, refetch } = useSheets();
  if (isPending) return <LoadingState />;
  if (!sheets) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Marking row={row} sheet={sheets.find(({ id }) => id === row.sheet_id) ?? null} />;
}

function Results() {
  const { t } = useTranslation();
  const [now] = useState(() => Math.floor(serverNow() / 60) * 60);
  const { data } = useResults(now - 30 * DAY, now + DAY, true);
  return (
    <section className="panel" aria-label={t('desk.inspection.results')}>
      <h2 className="panel__title">
        {t('desk.inspection.results')} <span className="quiet">{t('desk.inspection.last30')}</span>
      </h2>
      {data?.length === 0 && <EmptyState text={t('desk.inspection.noResults')} />}
      {data && data.length > 0 && (
        <table className="table" data-testid="inspection-results">
          <thead>
            <tr>
              <th>{t('desk.inspection.agent')}</th>
              <th className="table__number">{t('desk.inspection.inspected')}</th>
              <th className="table__number">{t('desk.inspection.average')}</th>
              <th className="table__number">{t('desk.inspection.lowest')}</th>
              <th className="table__number">{t('desk.inspection.fatal')}</th>
              <th className="table__number">{t('desk.inspection.disputedCount')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((agent) => (
              <tr key={agent.user_id}>
                <td>{agent.name}</td>
                <td className="table__number">{agent.inspected}</td>
                <td className="table__number">{agent.average?.toFixed(1) ?? '–'}</td>
                <td className="table__number">{agent.lowest?.toFixed(1) ?? '–'}</td>
                <td className="table__number">{agent.fatal}</td>
                <td className="table__number">{agent.disputed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
