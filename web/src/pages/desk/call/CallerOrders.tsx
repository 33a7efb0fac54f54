/** On the screen pop: the caller's orders of the last weeks and outages at the address; one key makes a new order.
 *
 * The form opens below what is there and takes no focus by itself: only who asks for it is led into it.
 */

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { deskApi, type OrderRow } from '../../../api/desk.ts';
import { usePrefill, useReadAgain } from '../../../api/deskQueries.ts';
import type { ScreenPop } from '../../../api/types.ts';
import { useHotkeys } from '../../../hotkeys/useHotkeys.ts';
import { serverNow } from '../../../time/clock.ts';
import { dateTime, shortInstant } from '../../../time/format.ts';
import { BellFilled, PlusOutlined, ProfileOutlined, WarningFilled } from '../../../ui/icons.ts';
import { showToast } from '../../../ui/toasts.ts';
import { Refusal } from '../form.tsx';
import { Deadline, OrderMarks, StateBadge } from '../orders/look.tsx';
import { OrderForm } from '../orders/OrderForm.tsx';
import { useSend } from '../useSend.ts';
import '../desk.css';

const ENDED = new Set(['resolved_on_call', 'closed', 'cancelled', 'archived']);
const SHOWN = 4;
const REPEATS_FROM = 2;

export function CallerOrders({ pop }: { pop: ScreenPop }) {
  const { t } = useTranslation();
  // The customer may be found after the phone began to ring: then it is asked again.
  const { data } = usePrefill(pop.call_id, `${pop.customer?.id ?? 0}:${pop.entered.length}`);
  const [openFor, setOpenFor] = useState('');
  const form = useRef<HTMLDivElement>(null);
  const writing = openFor === pop.call_id;
  const open = (): void => setOpenFor(pop.call_id);
  useHotkeys({ order: open });
  useEffect(() => {
    if (writing) form.current?.querySelector<HTMLElement>('[data-testid="order-form-title"]')?.focus();
  }, [writing]);

  const repeats = data?.repeats ?? [];
  const outages = data?.outages ?? [];
  return (
    <section className="panel" aria-label={t('desk.call.title')} data-testid="caller-orders">
      <h2 className="panel__title">
        <span>
          <ProfileOutlined /> {t('desk.call.title')}{' '}
          {repeats.length >= REPEATS_FROM && (
            <span className="desk-mark" data-tone="ringing" data-testid="repeat-warning">
              <WarningFilled /> {t('desk.call.repeat', { count: repeats.length })}
            </span>
          )}
        </span>
        <button
          type="button"
          className="button button--small button--primary"
          title="Alt O"
          data-testid="call-new-order"
          disabled={writing}
          onClick={open}
        >
          <PlusOutlined /> {t('desk.call.new')} <kbd>Alt O</kbd>
        </button>
      </h2>
      {outages.map((outage) => (
        <p key={outage.id} className="desk-part desk-due" data-tone="danger" data-testid="call-outage">
          <WarningFilled /> {t('desk.call.outage', { title: outage.title })} ·{' '}
          {t('desk.call.until', { at: dateTime(outage.ends_at) })}
        </p>
      ))}
      {!writing && (
        <ul className="desk-rows desk-part">
          {repeats.length === 0 && <li className="quiet">{t('desk.call.none')}</li>}
          {repeats.slice(0, SHOWN).map((order) => (
            <Recent key={order.id} order={order} callId={pop.call_id} />
          ))}
        </ul>
      )}
      {writing && (
        <div className="desk-part" ref={form}>
          <OrderForm
            key={pop.call_id}
            place={`call:${pop.call_id}`}
            callId={pop.call_id}
            prefill={{
              category: data?.category ?? '',
              area: data?.area ?? '',
              customer_id: pop.customer?.id ?? null,
              customer_name: pop.customer?.name ?? '',
              contact_name: pop.customer?.name ?? '',
              contact_number: data?.caller_number ?? pop.caller_number,
              address: pop.customer?.address ?? '',
              text: pop.entered.map(({ name, value }) => `${name}: ${value}`).join('\n'),
            }}
            repeats={repeats}
            outages={outages}
            onMade={() => setOpenFor('')}
          />
        </div>
      )}
    </section>
  );
}

function Recent({ order, callId }: { order: OrderRow; callId: string }) {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const { busy, problem, send } = useSend(() => readAgain('work_order'));
  const urge = async (): Promise<void> => {
    const body = { action: 'urge' as const, version: 0, call_id: callId };
    if (!(await send(() => deskApi.act(order.id, body)))) return;
    readAgain('work_order');
    showToast('info', t('desk.call.urged', { number: order.number }));
  };
  return (
    <li>
      <span>
        <Link to={`/desk/orders/${order.id}`}>{order.number}</Link> {order.title} <OrderMarks order={order} />
      </span>
      <span className="desk-card__line">
        <Deadline dueAt={order.next_due_at} />
        <StateBadge state={order.state} />
        <time className="quiet">{shortInstant(order.created_at, serverNow())}</time>
        {!ENDED.has(order.state) && (
          <button
            type="button"
            className="button button--small"
            data-testid={`urge-${order.number}`}
            disabled={busy}
            data-pending={busy}
            onClick={() => void urge()}
          >
            <BellFilled /> {t('desk.call.urge')}
          </button>
        )}
      </span>
      <Refusal text={problem} />
    </li>
  );
}
