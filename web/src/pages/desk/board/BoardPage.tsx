/** The dispatch board: what waits to be sent, what units have, what is to be reviewed or decided. */

import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deskApi, type BoardCount, type OrderRow } from '../../../api/desk.ts';
import { useBoard, useOrders, useReadAgain } from '../../../api/deskQueries.ts';
import { serverNow } from '../../../time/clock.ts';
import { shortInstant } from '../../../time/format.ts';
import { NotificationOutlined } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { showToast } from '../../../ui/toasts.ts';
import { OutageDialog } from '../bulletins/OutageDialog.tsx';
import { Refusal, useUnitChoices } from '../form.tsx';
import { Deadline, OrderMarks, StateBadge, UrgencyBadge } from '../orders/look.tsx';
import { useSend } from '../useSend.ts';
import { useDeskNames } from '../words.ts';

export function BoardPage() {
  const { t } = useTranslation();
  const [declaring, setDeclaring] = useState(false);
  // The most urgent first; those whose clocks do not run (none is due) come from the second list.
  const waiting = useOrders({ state: 'accepted,pending_dispatch', page: 1, page_size: 200 });
  const review = useOrders({ state: 'replied,reviewing', page: 1, page_size: 50 });
  const rows = [...(waiting.data?.items ?? [])].sort(
    (a, b) => (a.next_due_at ?? Infinity) - (b.next_due_at ?? Infinity),
  );
  return (
    <div className="desk-board">
      <section className="panel desk-list" aria-label={t('desk.board.waiting')}>
        <h2 className="panel__title">
          <span>
            {t('desk.board.waiting')} <span className="quiet">{waiting.data?.total}</span>
          </span>
          <button type="button" className="button button--small" onClick={() => setDeclaring(true)}>
            <NotificationOutlined /> {t('desk.board.outage')}
          </button>
        </h2>
        <div className="desk-scroll" tabIndex={0} role="group" aria-label={t('desk.board.waiting')}>
          {waiting.isPending && <LoadingState />}
          {waiting.error && !waiting.data && (
            <ErrorState error={waiting.error} onRetry={() => void waiting.refetch()} />
          )}
          {waiting.data && rows.length === 0 && <EmptyState text={t('desk.board.none')} />}
          <ul className="desk-cards">
            {rows.map((row) => (
              <Waiting key={row.id} row={row} />
            ))}
          </ul>
        </div>
      </section>
      <div className="desk-stack desk-scroll">
        <Units />
        <Few title={t('desk.board.review')} rows={review.data?.items ?? []} />
        <Extensions />
      </div>
      {declaring && <OutageDialog onClose={() => setDeclaring(false)} />}
    </div>
  );
}

/** One order that waits, with the unit its category belongs to already chosen. */
function Waiting({ row }: { row: OrderRow }) {
  const { t } = useTranslation();
  const names = useDeskNames();
  const units = useUnitChoices();
  const readAgain = useReadAgain();
  const suggested = names.reference?.categories.find(({ id }) => id === row.category)?.unit_id ?? '';
  const [chosen, setChosen] = useState<string | null>(null);
  const unit = chosen ?? suggested;
  const { busy, problem, send } = useSend(() => readAgain('work_order'));

  const dispatch = async (): Promise<void> => {
    const done = await send(() => deskApi.act(row.id, { action: 'dispatch', version: row.version, unit }));
    if (!done) return;
    showToast('info', t('desk.board.done', { number: row.number, unit: names.unit(unit) }));
    readAgain('work_order');
  };

  return (
    <li className="desk-card" data-testid={`waiting-${row.number}`}>
      <div className="desk-card__what">
        <Link to={`/desk/orders/${row.id}`}>
          <strong>{row.title}</strong>
        </Link>
        <span className="desk-card__line">
          <UrgencyBadge urgency={row.urgency} /> <Deadline dueAt={row.next_due_at} /> <OrderMarks order={row} />
        </span>
        <small className="quiet">
          {row.number} · {names.category(row.category) || '–'} · {names.area(row.area)} · {row.address || '–'} ·{' '}
          {shortInstant(row.created_at, serverNow())}
        </small>
        <Refusal text={problem} />
      </div>
      <div className="desk-card__do">
        <select
          className="field"
          aria-label={`${t('desk.board.dispatchTo')} ${row.number}`}
          value={unit}
          data-testid="board-unit"
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value="">{t('desk.form.choose')}</option>
          {units.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="button button--primary"
          data-pending={busy}
          disabled={busy || unit === ''}
          data-testid="board-dispatch"
          onClick={() => void dispatch()}
        >
          {t('desk.board.dispatch')}
        </button>
      </div>
    </li>
  );
}

const WITH_UNIT = ['dispatched', 'signed', 'on_site', 'processing', 'suspended'];

function Units() {
  const { t } = useTranslation();
  const names = useDeskNames();
  const { data = [] } = useBoard();
  const units = (names.reference?.units ?? []).filter(({ retired }) => !retired);
  return (
    <section className="panel" aria-labelledby="board-units">
      <h2 className="panel__title" id="board-units">
        {t('desk.board.units')}
      </h2>
      <table className="table desk-units" data-testid="board-units">
        <thead>
          <tr>
            <th>{t('desk.field.unit')}</th>
            <th className="table__number">{t('desk.inbox.toSign')}</th>
            <th className="table__number">{t('desk.inbox.working')}</th>
            <th className="table__number">{t('desk.inbox.waiting')}</th>
            <th className="table__number">{t('desk.board.overdueCount')}</th>
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => {
            const own = data.filter((count) => count.unit === unit.id && WITH_UNIT.includes(count.state));
            const overdue = sum(own, ({ overdue: late }) => late);
            return (
              <tr key={unit.id} className="call-row">
                <td>
                  {unit.parent_id && '　'}
                  <Link className="call-row__link" to={`/desk/orders?unit=${unit.id}`}>
                    {names.unit(unit.id)}
                  </Link>
                </td>
                <td className="table__number">{countOf(own, ['dispatched'])}</td>
                <td className="table__number">{countOf(own, ['signed', 'on_site', 'processing'])}</td>
                <td className="table__number">{countOf(own, ['suspended'])}</td>
                <td className="table__number">
                  {overdue > 0 ? (
                    <strong className="desk-due" data-tone="danger">
                      {overdue}
                    </strong>
                  ) : (
                    '0'
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const sum = (counts: BoardCount[], of: (count: BoardCount) => number): number =>
  counts.reduce((total, count) => total + of(count), 0);
const countOf = (counts: BoardCount[], states: string[]): number =>
  sum(counts, ({ state, orders }) => (states.includes(state) ? orders : 0));

function Few({ title, rows, children }: { title: string; rows: OrderRow[]; children?: (row: OrderRow) => ReactNode }) {
  const { t } = useTranslation();
  const names = useDeskNames();
  return (
    <section className="panel" aria-label={title}>
      <h2 className="panel__title">
        {title} <span className="quiet">{rows.length}</span>
      </h2>
      <ul className="desk-rows desk-part">
        {rows.length === 0 && <li className="quiet">{t('common.none')}</li>}
        {rows.map((row) => (
          <li key={row.id}>
            <Link to={`/desk/orders/${row.id}`}>{row.title}</Link>
            <span className="desk-card__line">
              <StateBadge state={row.state} /> <span className="quiet">{names.unit(row.unit)}</span>
            </span>
            {children?.(row)}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Orders with a unit that asks for more time. */
function Extensions() {
  const { t } = useTranslation();
  const orders = useOrders({ state: WITH_UNIT.join(','), page: 1, page_size: 200 });
  const rows = (orders.data?.items ?? []).filter((row) => row.extension_asked);
  return rows.length === 0 ? null : <Few title={t('desk.board.extensions')} rows={rows} />;
}
