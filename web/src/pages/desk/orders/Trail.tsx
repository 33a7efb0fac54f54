/** Every step of an order, newest first: who, when, from where to where, why. */

import { useTranslation } from 'react-i18next';
import type { OrderDetails, TrailRow } from '../../../api/desk.ts';
import { dateTimeSeconds } from '../../../time/format.ts';
import { useDeskNames, useDeskWord } from '../words.ts';

export function Trail({ order }: { order: OrderDetails }) {
  return (
    <ol className="desk-trail" data-testid="order-trail">
      {[...order.trail].reverse().map((step) => (
        <Step key={step.version} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { step: TrailRow }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const names = useDeskNames();
  const detail = step.detail as { unit?: string; cause?: string; satisfaction?: number; stage?: string };
  const amended = Object.keys((step.detail.amended as Record<string, unknown> | undefined) ?? {});
  return (
    <li data-action={step.action}>
      <time>{dateTimeSeconds(step.at)}</time>
      <div>
        <strong>{word('action', step.action)}</strong>
        {step.before !== step.after && (
          <span className="quiet">
            {' '}
            {word('state', step.before)} → {word('state', step.after)}
          </span>
        )}
        {detail.unit && ` · ${names.unit(detail.unit)}`}
        {step.reason !== '' && ` · ${word('reason', step.reason)}`}
        {detail.stage && ` · ${word('stage', detail.stage)}`}
        {detail.satisfaction !== undefined && ` · ${t('desk.field.satisfaction')} ${detail.satisfaction}`}
        {amended.length > 0 && ` · ${amended.map((field) => word('field', field)).join('、')}`}
        {detail.cause && <p className="desk-text">{detail.cause}</p>}
        {step.text !== '' && amended.length === 0 && <p className="desk-text">{step.text}</p>}
      </div>
      <span className="quiet">{step.actor === 'system' ? t('desk.detail.system') : step.actor}</span>
    </li>
  );
}
