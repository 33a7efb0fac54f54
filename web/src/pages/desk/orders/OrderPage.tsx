/** One order: facts, what can be done now, deadlines, trail, calls and attachments. Prints as one sheet. */

import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'react-router';
import type { OrderDetails } from '../../../api/desk.ts';
import { useOrder } from '../../../api/deskQueries.ts';
import { inCentre, useSession } from '../../../api/session.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { dateTime } from '../../../time/format.ts';
import { ArrowLeftOutlined, EditFilled, PrinterOutlined, SoundOutlined } from '../../../ui/icons.ts';
import { ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { spanText } from '../span.ts';
import { useDeskNames, useDeskWord } from '../words.ts';
import { Actions } from './Actions.tsx';
import { Attachments } from './Attachments.tsx';
import { Clocks } from './Clocks.tsx';
import { EditOrder } from './EditOrder.tsx';
import { OrderMarks, StateBadge, UrgencyBadge } from './look.tsx';
import { OrderTable } from './OrdersPage.tsx';
import { Trail } from './Trail.tsx';

export function OrderPage() {
  const { t } = useTranslation();
  const id = Number(useParams().id);
  const { search } = useLocation();
  const { data: order, error, isPending, refetch } = useOrder(id);
  return (
    <div className="desk-order" data-testid="order-page">
      <p className="desk-order__back">
        <Link to={`/desk/orders${search}`}>
          <ArrowLeftOutlined /> {t('desk.detail.back')}
        </Link>
      </p>
      {isPending && <LoadingState />}
      {error && !order && <ErrorState error={error} onRetry={() => void refetch()} />}
      {order && <Order order={order} />}
    </div>
  );
}

function Order({ order }: { order: OrderDetails }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const { user } = useSession();
  const [editing, setEditing] = useState(false);
  const mayEdit = user.role !== 'field' && order.allowed.includes('comment');
  return (
    <article className="desk-order__columns" aria-label={t('desk.detail.label')}>
      <div className="desk-order__main">
        <header className="panel desk-order__head">
          <div>
            <h2 data-testid="order-title">{order.title}</h2>
            <p className="desk-order__line">
              <strong data-testid="order-number">{order.number}</strong>
              <StateBadge state={order.state} />
              <UrgencyBadge urgency={order.urgency} />
              <OrderMarks order={order} />
            </p>
          </div>
          <div className="desk-order__tools">
            {mayEdit && (
              <button type="button" className="button" data-testid="order-edit" onClick={() => setEditing(true)}>
                <EditFilled /> {t('desk.detail.edit')}
              </button>
            )}
            <button type="button" className="button" onClick={() => window.print()}>
              <PrinterOutlined /> {t('desk.detail.print')}
            </button>
          </div>
        </header>
        <Facts order={order} />
        {order.children.length > 0 && (
          <Part title={`${t('desk.orders.children')} · ${order.children.length}`}>
            <div className="table-box" tabIndex={0} role="group" aria-label={t('desk.orders.children')}>
              <OrderTable rows={order.children} addressOf={(row) => `/desk/orders/${row.id}`} />
            </div>
          </Part>
        )}
        <Part title={t('desk.detail.trail')}>
          <Trail order={order} />
        </Part>
      </div>
      <aside className="desk-order__side">
        <Part title={t('desk.detail.actions')} className="desk-noprint">
          {order.extension && (
            <p className="desk-order__extension" data-tone="training">
              {t('desk.detail.extension', {
                time: spanText(order.extension.seconds, t),
                reason: word('reason', order.extension.reason),
              })}
            </p>
          )}
          <Actions order={order} />
        </Part>
        <Part title={t('desk.clock.title')}>
          <Clocks clocks={order.clocks} />
        </Part>
        <Part title={t('desk.detail.attachments')}>
          <Attachments order={order} />
        </Part>
        <Calls order={order} />
      </aside>
      {editing && <EditOrder order={order} onClose={() => setEditing(false)} />}
    </article>
  );
}

function Part({ title, children, className = '' }: { title: string; children: ReactNode; className?: string }) {
  return (
    <section className={`panel ${className}`}>
      <h3 className="panel__title">{title}</h3>
      <div className="desk-part">{children}</div>
    </section>
  );
}

export function Fact({ label, children, wide = false }: { label: string; children: ReactNode; wide?: boolean }) {
  return (
    <div className={wide ? 'desk-facts__wide' : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Facts({ order }: { order: OrderDetails }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const names = useDeskNames();
  const localized = useLocalized();
  const custom = names.reference?.categories.find(({ id }) => id === order.category)?.fields ?? [];
  const result = order.result as { text?: string; cause?: string };
  const followed = order.followed_up as {
    outcome?: string;
    text?: string;
    by?: string;
    at?: number;
    reason?: string;
    satisfaction?: number;
    response?: number;
    solution?: number;
  };
  return (
    <section className="panel">
      <h3 className="panel__title">{t('desk.detail.facts')}</h3>
      <dl className="desk-facts">
        <Fact label={t('desk.field.category')}>{names.category(order.category) || '–'}</Fact>
        <Fact label={t('desk.field.area')}>{names.area(order.area)}</Fact>
        <Fact label={t('desk.field.channel')}>{word('channel', order.channel)}</Fact>
        <Fact label={t('desk.field.contact_name')}>{order.contact_name || '–'}</Fact>
        <Fact label={t('desk.field.contact_number')}>
          {order.contact_number ? <PhoneNumber number={order.contact_number} /> : '–'}
        </Fact>
        <Fact label={t('desk.field.customer')}>
          {order.customer ? (
            <Link to={`/desk/customers/${order.customer.id}`}>{order.customer.name}</Link>
          ) : (
            t('desk.form.noCustomer')
          )}
        </Fact>
        <Fact label={t('desk.field.unit')}>
          <span data-testid="order-unit">{names.unit(order.unit) || t('desk.detail.noUnit')}</span>
          {order.assisting.length > 0 && ` + ${order.assisting.map(names.unit).join('、')}`}
        </Fact>
        <Fact label={t('desk.field.assignee')}>{order.assignee?.name ?? '–'}</Fact>
        <Fact label={t('desk.field.created_by')}>{order.created_by || t('desk.detail.system')}</Fact>
        <Fact label={t('desk.field.created')}>{dateTime(order.created_at)}</Fact>
        <Fact label={t('desk.field.changed')}>{dateTime(order.changed_at)}</Fact>
        <Fact label={t('desk.field.closed')}>{order.closed_at ? dateTime(order.closed_at) : '–'}</Fact>
        <Fact wide label={t('desk.field.address')}>
          {order.address || '–'}
        </Fact>
        {order.parent_id !== null && (
          <Fact label={t('desk.orders.parent')}>
            <Link to={`/desk/orders/${order.parent_id}`}>#{order.parent_id}</Link>
          </Fact>
        )}
        {order.repeat_of !== null && (
          <Fact label={t('desk.orders.repeatOf')}>
            <Link to={`/desk/orders/${order.repeat_of}`}>#{order.repeat_of}</Link>
          </Fact>
        )}
        {custom.map(
          (field) =>
            field.name in order.fields && (
              <Fact key={field.name} label={localized(field.label, field.name)}>
                {shown(order.fields[field.name], t('desk.form.yes'), t('desk.form.no'))}
              </Fact>
            ),
        )}
        <Fact wide label={t('desk.field.text')}>
          <span className="desk-text">{order.text || '–'}</span>
        </Fact>
        {order.wanted !== '' && (
          <Fact wide label={t('desk.field.wanted')}>
            <span className="desk-text">{order.wanted}</span>
          </Fact>
        )}
        {result.text && (
          <Fact wide label={t('desk.detail.result')}>
            {result.cause && <span className="quiet">{result.cause} · </span>}
            <span className="desk-text">{result.text}</span>
          </Fact>
        )}
        {followed.outcome && (
          <Fact wide label={t('desk.detail.followedUp')}>
            {word('action', followed.outcome)}
            {followed.reason && followed.outcome !== 'confirm' && ` · ${word('reason', followed.reason)}`}
            {followed.satisfaction !== undefined &&
              ` · ${String(followed.response ?? '–')} / ${String(followed.solution ?? '–')} / ${followed.satisfaction}`}
            {followed.text && ` · ${followed.text}`}
            <span className="quiet">
              {' '}
              {followed.by} {followed.at ? dateTime(followed.at) : ''}
            </span>
          </Fact>
        )}
      </dl>
    </section>
  );
}

/** A custom field's value as text. */
function shown(value: unknown, yes: string, no: string): string {
  if (typeof value === 'boolean') return value ? yes : no;
  return Array.isArray(value) ? value.map(String).join('、') : String(value);
}

function Calls({ order }: { order: OrderDetails }) {
  const { t } = useTranslation();
  const { user } = useSession();
  if (order.calls.length === 0) return null;
  return (
    <Part title={t('desk.detail.calls')} className="desk-noprint">
      <ul className="desk-rows">
        {order.calls.map((call) => (
          <li key={`${call.call_id}:${call.kind}`}>
            <span>{t(`desk.detail.${call.kind as 'caused' | 'urged' | 'followed_up'}`)}</span>
            <time>{call.started_at === null ? '–' : dateTime(call.started_at)}</time>
            {inCentre(user.role) && call.started_at !== null && (
              <Link to={`/records/${encodeURIComponent(call.call_id)}`}>
                {call.recordings.length > 0 && <SoundOutlined />} {t('desk.detail.play')}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
