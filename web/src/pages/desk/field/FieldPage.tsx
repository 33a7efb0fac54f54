/** The page of a unit or crew, made for a phone: what is to be signed, done and answered; one order with its steps. */

import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '../../../api/client.ts';
import type { OrderDetails, OrderRow } from '../../../api/desk.ts';
import { useNotices, useOrder, useOrders, useReadAgain } from '../../../api/deskQueries.ts';
import { useSession, useSignOut } from '../../../api/session.ts';
import { setLanguage, usePreferences } from '../../../app/preferences.ts';
import { ConnectionBadge, OfflineBanner } from '../../../app/ConnectionBadge.tsx';
import { dateTime } from '../../../time/format.ts';
import {
  ArrowLeftOutlined,
  BellFilled,
  EnvironmentOutlined,
  LogoutOutlined,
  PhoneFilled,
  ReloadOutlined,
  TranslationOutlined,
} from '../../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { Actions } from '../orders/Actions.tsx';
import { Attachments } from '../orders/Attachments.tsx';
import { Clocks } from '../orders/Clocks.tsx';
import { Deadline, OrderMarks, StateBadge, UrgencyBadge } from '../orders/look.tsx';
import { Trail } from '../orders/Trail.tsx';
import { NoticeList } from '../messages/NoticeList.tsx';
import { useDeskNames } from '../words.ts';
import '../desk.css';
import './field.css';

const GROUPS = [
  { name: 'toSign', states: ['dispatched'] },
  { name: 'working', states: ['signed', 'on_site', 'processing'] },
  { name: 'waiting', states: ['suspended'] },
  { name: 'done', states: ['replied', 'reviewing'] },
] as const;
const SHOWN = GROUPS.flatMap(({ states }) => states).join(',');

export default function FieldPage() {
  const { id } = useParams();
  return (
    <div className="field-page" data-testid="field-page">
      <Top />
      <OfflineBanner />
      <main>{id === undefined ? <Inbox /> : <One id={Number(id)} />}</main>
    </div>
  );
}

function Top() {
  const { t } = useTranslation();
  const { user } = useSession();
  const signOut = useSignOut();
  const readAgain = useReadAgain();
  const language = usePreferences((state) => state.language);
  const next = language === 'en' ? 'zh-CN' : 'en';
  return (
    <header className="field-page__top">
      <h1>{t('desk.inbox.title')}</h1>
      <span className="quiet">{user.name}</span>
      <ConnectionBadge />
      <button
        type="button"
        className="icon-button"
        aria-label={t('desk.inbox.refresh')}
        onClick={() => readAgain('work_order', 'notice')}
      >
        <ReloadOutlined />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={t('user.language')}
        onClick={() => {
          setLanguage(next);
          // The choice already holds in this browser; the server only carries it to the next one.
          api.chooseLanguage(next).catch(() => undefined);
        }}
      >
        <TranslationOutlined />
      </button>
      <button type="button" className="icon-button" aria-label={t('user.signOut')} onClick={() => signOut.mutate()}>
        <LogoutOutlined />
      </button>
    </header>
  );
}

function Inbox() {
  const { t } = useTranslation();
  const orders = useOrders({ state: SHOWN, page: 1, page_size: 200 });
  const unread = useNotices(true).data ?? [];
  const rows = orders.data?.items ?? [];
  return (
    <>
      {unread.length > 0 && (
        <details className="panel field-notices">
          <summary>
            <BellFilled /> {t('desk.inbox.unread', { count: unread.length })}
          </summary>
          <NoticeList notices={unread} addressOf={(order) => `/field/${order}`} />
        </details>
      )}
      {orders.isPending && <LoadingState />}
      {orders.error && !orders.data && <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />}
      {orders.data && rows.length === 0 && <EmptyState text={t('desk.inbox.none')} />}
      {GROUPS.map(({ name, states }) => {
        const own = rows
          .filter((row) => states.some((state) => state === row.state))
          .sort((a, b) => (a.next_due_at ?? Infinity) - (b.next_due_at ?? Infinity));
        if (own.length === 0) return null;
        return (
          <section key={name} aria-label={t(`desk.inbox.${name}`)}>
            <h2 className="field-page__group">
              {t(`desk.inbox.${name}`)} <span className="quiet">{own.length}</span>
            </h2>
            <ul className="field-cards">
              {own.map((row) => (
                <Card key={row.id} row={row} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function Card({ row }: { row: OrderRow }) {
  const { t } = useTranslation();
  const names = useDeskNames();
  return (
    <li className="panel">
      <Link to={`/field/${row.id}`} className="field-card" data-testid={`card-${row.number}`}>
        <span className="field-card__head">
          <strong>{row.title}</strong>
          <StateBadge state={row.state} />
        </span>
        <span className="field-card__line">
          <UrgencyBadge urgency={row.urgency} /> <Deadline dueAt={row.next_due_at} /> <OrderMarks order={row} />
        </span>
        <span>
          <EnvironmentOutlined /> {row.address || names.area(row.area)}
        </span>
        <small className="quiet">
          {row.number} · {names.unit(row.unit)} · {row.assignee?.name ?? t('desk.inbox.notAssigned')}
        </small>
      </Link>
    </li>
  );
}

function One({ id }: { id: number }) {
  const { t } = useTranslation();
  const { data: order, error, isPending, refetch } = useOrder(id);
  return (
    <>
      <p>
        <Link to="/field" className="field-page__back">
          <ArrowLeftOutlined /> {t('desk.inbox.title')}
        </Link>
      </p>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {order && !error && <Order order={order} />}
    </>
  );
}

function Order({ order }: { order: OrderDetails }) {
  const { t } = useTranslation();
  const names = useDeskNames();
  return (
    <article className="desk-stack">
      <section className="panel field-order">
        <h2>{order.title}</h2>
        <p className="field-card__line">
          <StateBadge state={order.state} /> <UrgencyBadge urgency={order.urgency} /> <OrderMarks order={order} />
        </p>
        <p>
          <EnvironmentOutlined /> {order.address || '–'}
        </p>
        <p className="quiet">
          {order.number} · {names.category(order.category)} · {dateTime(order.created_at)}
        </p>
        {order.text !== '' && <p className="desk-text">{order.text}</p>}
        {order.contact_number !== '' && (
          <p className="field-order__contact">
            <span>
              {order.contact_name} <PhoneNumber number={order.contact_number} />
            </span>
            {!order.contact_number.includes('*') && (
              <a className="button button--large" href={`tel:${order.contact_number}`}>
                <PhoneFilled /> {t('desk.inbox.call')}
              </a>
            )}
          </p>
        )}
      </section>
      <section className="panel" aria-label={t('desk.inbox.next')}>
        <div className="desk-part">
          <Actions order={order} large />
        </div>
      </section>
      <section className="panel" aria-label={t('desk.detail.attachments')}>
        <div className="desk-part">
          <Attachments order={order} camera />
        </div>
      </section>
      <section className="panel" aria-label={t('desk.clock.title')}>
        <h3 className="panel__title">{t('desk.clock.title')}</h3>
        <div className="desk-part">
          <Clocks clocks={order.clocks} />
        </div>
      </section>
      <section className="panel" aria-label={t('desk.detail.trail')}>
        <h3 className="panel__title">{t('desk.detail.trail')}</h3>
        <div className="desk-part">
          <Trail order={order} />
        </div>
      </section>
    </article>
  );
}
