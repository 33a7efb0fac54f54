/** All work orders that the person may see: search and filters in the address, pages on the server. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deskApi, type OrderRow } from '../../../api/desk.ts';
import { useOrders } from '../../../api/deskQueries.ts';
import { mayDispatch, useSession } from '../../../api/session.ts';
import { serverNow } from '../../../time/clock.ts';
import { shortInstant } from '../../../time/format.ts';
import { DownloadOutlined, PlusOutlined, SearchOutlined } from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { ChoiceField, InstantField, useAreaChoices, useCategoryChoices, useUnitChoices } from '../form.tsx';
import { useDeskNames, useDeskWord } from '../words.ts';
import {
  conditionsOf,
  filtersFrom,
  type OrderFilters,
  PAGE_SIZE,
  pageOf,
  queryOf,
  searchOf,
  VIEWS,
} from './filters.ts';
import { Deadline, OrderMarks, StateBadge, UrgencyBadge } from './look.tsx';
import { useAddress } from '../../../ui/useAddress.ts';

const STATES = [
  'draft',
  'accepted',
  'pending_dispatch',
  'dispatched',
  'signed',
  'on_site',
  'processing',
  'suspended',
  'replied',
  'reviewing',
  'to_follow_up',
  'merged',
  'resolved_on_call',
  'closed',
  'cancelled',
  'archived',
] as const;

export function OrdersPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [search, setSearch] = useAddress();
  const filters = filtersFrom(search);
  const orders = useOrders(queryOf(filters));
  const change = (part: Partial<OrderFilters>): void => {
    setSearch((now) => searchOf({ ...filtersFrom(now), page: '', ...part }));
  };
  const address = (id: number): string => {
    const query = searchOf(filters).toString();
    return `/desk/orders/${id}${query === '' ? '' : `?${query}`}`;
  };
  return (
    <section className="desk-list panel" aria-label={t('desk.orders.list')}>
      <div className="desk-bar">
        <SearchBox key={filters.text} text={filters.text} onSearch={(text) => change({ text })} />
        <div className="desk-views" role="group" aria-label={t('desk.orders.filters')}>
          {VIEWS.map((view) => (
            <button
              key={view}
              type="button"
              className="button button--small"
              aria-pressed={filters.view === view}
              data-testid={`view-${view}`}
              onClick={() => change({ view })}
            >
              {t(`desk.orders.${view}`)}
            </button>
          ))}
        </div>
        <span className="desk-bar__gap" />
        {mayDispatch(user.role) && (
          <a className="button" href={deskApi.exportUrl(conditionsOf(filters))} download>
            <DownloadOutlined /> {t('desk.orders.export')}
          </a>
        )}
        <Link className="button button--primary" to="/desk/orders/new" data-testid="new-order">
          <PlusOutlined /> {t('desk.orders.new')}
        </Link>
      </div>
      <FilterRow filters={filters} change={change} />
      <div className="table-box" tabIndex={0} role="group" aria-label={t('desk.orders.list')}>
        <OrderTable
          rows={orders.data?.items ?? []}
          stale={orders.isPlaceholderData}
          addressOf={(row) => address(row.id)}
        />
        {orders.isPending && <LoadingState />}
        {orders.error && <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />}
        {orders.data?.items.length === 0 && <EmptyState text={t('desk.orders.none')} />}
      </div>
      {orders.data && (
        <Pages
          total={orders.data.total}
          more={orders.data.more}
          page={pageOf(filters)}
          onPage={(page) => change({ page: String(page) })}
        />
      )}
    </section>
  );
}

function SearchBox({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState(text);
  return (
    <form
      className="desk-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(words.trim());
      }}
    >
      <SearchOutlined />
      <input
        className="field"
        type="search"
        value={words}
        aria-label={t('desk.orders.search')}
        placeholder={t('desk.orders.search')}
        data-testid="order-search"
        onChange={(event) => {
          setWords(event.target.value);
          if (event.target.value === '') onSearch('');
        }}
      />
    </form>
  );
}

function FilterRow({ filters, change }: { filters: OrderFilters; change: (part: Partial<OrderFilters>) => void }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const units = useUnitChoices();
  const areas = useAreaChoices();
  const categories = useCategoryChoices();
  const instant = (value: string): number | null => (value === '' ? null : Number(value));
  return (
    <div className="desk-filters">
      <ChoiceField
        label={t('desk.field.state')}
        value={filters.state}
        empty={t('desk.orders.anyState')}
        choices={STATES.map((state) => ({ value: state, label: word('state', state) }))}
        testId="filter-state"
        onChange={(state) => change({ state })}
      />
      <ChoiceField
        label={t('desk.field.unit')}
        value={filters.unit}
        empty={t('desk.orders.anyUnit')}
        choices={units}
        onChange={(unit) => change({ unit })}
      />
      <ChoiceField
        label={t('desk.field.area')}
        value={filters.area}
        empty={t('desk.orders.anyArea')}
        choices={areas}
        onChange={(area) => change({ area })}
      />
      <ChoiceField
        label={t('desk.field.category')}
        value={filters.category}
        empty={t('desk.orders.anyCategory')}
        choices={categories}
        onChange={(category) => change({ category })}
      />
      <ChoiceField
        label={t('desk.field.urgency')}
        value={filters.urgency}
        empty={t('desk.orders.anyUrgency')}
        choices={['critical', 'high', 'normal', 'low'].map((one) => ({ value: one, label: word('urgency', one) }))}
        onChange={(urgency) => change({ urgency })}
      />
      <InstantField
        label={t('desk.orders.from')}
        value={instant(filters.from)}
        onChange={(from) => change({ from: from === null ? '' : String(from) })}
      />
      <InstantField
        label={t('desk.orders.to')}
        value={instant(filters.to)}
        onChange={(to) => change({ to: to === null ? '' : String(to) })}
      />
      <ChoiceField
        label={t('desk.orders.sort')}
        value={filters.order_by}
        empty={t('desk.orders.newest')}
        choices={[{ value: 'due', label: t('desk.orders.byDue') }]}
        onChange={(order_by) => change({ order_by })}
      />
    </div>
  );
}

interface TableProps {
  rows: OrderRow[];
  stale?: boolean;
  addressOf: (row: OrderRow) => string;
}

export function OrderTable({ rows, stale = false, addressOf }: TableProps) {
  const { t } = useTranslation();
  const names = useDeskNames();
  return (
    <table className={stale ? 'table stale' : 'table'}>
      <thead>
        <tr>
          <th>{t('desk.field.number')}</th>
          <th>{t('desk.field.title')}</th>
          <th>{t('desk.field.state')}</th>
          <th>{t('desk.field.urgency')}</th>
          <th>{t('desk.field.due')}</th>
          <th>{t('desk.field.unit')}</th>
          <th>{t('desk.field.contact_name')}</th>
          <th>{t('desk.field.created')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="call-row" data-testid={`order-${row.number}`}>
            <td>
              <Link className="call-row__link" to={addressOf(row)}>
                {row.number}
              </Link>
              <small>{names.category(row.category)}</small>
            </td>
            <td className="desk-title">
              {row.title} <OrderMarks order={row} />
              <small>{row.address}</small>
            </td>
            <td>
              <StateBadge state={row.state} />
            </td>
            <td>
              <UrgencyBadge urgency={row.urgency} />
            </td>
            <td>
              <Deadline dueAt={row.next_due_at} />
            </td>
            <td>
              {names.unit(row.unit) || '–'}
              {row.assignee && <small>{row.assignee.name}</small>}
            </td>
            <td>
              {row.contact_name || row.customer?.name}
              {row.contact_number !== '' && (
                <small>
                  <PhoneNumber number={row.contact_number} />
                </small>
              )}
            </td>
            <td>{shortInstant(row.created_at, serverNow())}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PagesProps {
  total: number;
  more: boolean;
  page: number;
  onPage: (page: number) => void;
}

function Pages({ total, more, page, onPage }: PagesProps) {
  const { t } = useTranslation();
  const last = Math.max(1, Math.ceil(total / PAGE_SIZE));
  return (
    <footer className="pages">
      <span>{t(more ? 'desk.orders.more' : 'desk.orders.total', { count: total })}</span>
      <button type="button" className="button button--small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {t('desk.orders.previous')}
      </button>
      <span>{t('desk.orders.page', { page })}</span>
      <button type="button" className="button button--small" disabled={page >= last} onClick={() => onPage(page + 1)}>
        {t('desk.orders.next')}
      </button>
    </footer>
  );
}
