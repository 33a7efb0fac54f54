/** Before an order is made twice: what was reported lately, and what is announced at the address. */

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { BulletinRow, OrderRow } from '../../../api/desk.ts';
import { serverNow } from '../../../time/clock.ts';
import { dateTime, shortInstant } from '../../../time/format.ts';
import { WarningFilled } from '../../../ui/icons.ts';
import { StateBadge } from './look.tsx';

const ENDED = new Set(['resolved_on_call', 'closed', 'cancelled', 'archived']);

interface Props {
  repeats: OrderRow[];
  outages: BulletinRow[];
  onMerge: (order: { id: number; number: string }) => void;
}

export function Repeats({ repeats, outages, onMerge }: Props) {
  const { t } = useTranslation();
  if (repeats.length === 0 && outages.length === 0) return null;
  return (
    <div className="desk-repeats desk-field--wide" data-tone="ringing">
      {outages.map((outage) => (
        <p key={outage.id}>
          <WarningFilled /> {t('desk.form.outageHere')}: {outage.title} ·{' '}
          {t('desk.call.until', { at: dateTime(outage.ends_at) })}
          {outage.order_id !== null && (
            <button
              type="button"
              className="button button--small"
              onClick={() => onMerge({ id: outage.order_id ?? 0, number: `#${outage.order_id ?? ''}` })}
            >
              {t('desk.form.sameAs')}
            </button>
          )}
        </p>
      ))}
      {repeats.length > 0 && <strong>{t('desk.form.repeats')}</strong>}
      <ul>
        {repeats.slice(0, 5).map((order) => (
          <li key={order.id}>
            <Link to={`/desk/orders/${order.id}`}>{order.number}</Link> {order.title} <StateBadge state={order.state} />
            <span className="quiet">{shortInstant(order.created_at, serverNow())}</span>
            {!ENDED.has(order.state) && order.parent_id === null && (
              <button type="button" className="button button--small" onClick={() => onMerge(order)}>
                {t('desk.form.sameAs')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
