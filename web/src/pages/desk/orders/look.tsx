/** How states, urgencies and deadlines look everywhere: icon, word and colour. */

import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { OrderRow, OrderState } from '../../../api/desk.ts';
import { useClock } from '../../../time/clock.ts';
import { dateTime } from '../../../time/format.ts';
import {
  BranchesOutlined,
  CarOutlined,
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleOutlined,
  EditFilled,
  EyeInvisibleOutlined,
  FireFilled,
  FormOutlined,
  InboxOutlined,
  PauseCircleFilled,
  PhoneFilled,
  SyncOutlined,
  ToolFilled,
  WarningFilled,
} from '../../../ui/icons.ts';
import type { Tone } from '../../../ui/tones.ts';
import { spanText } from '../span.ts';
import { useDeskWord } from '../words.ts';

interface Look {
  tone: Tone;
  Icon: ComponentType;
}

const STATE_LOOK: Record<OrderState, Look> = {
  draft: { tone: 'neutral', Icon: FormOutlined },
  accepted: { tone: 'training', Icon: FormOutlined },
  resolved_on_call: { tone: 'ready', Icon: CheckCircleFilled },
  pending_dispatch: { tone: 'ringing', Icon: InboxOutlined },
  dispatched: { tone: 'training', Icon: CarOutlined },
  signed: { tone: 'talking', Icon: EditFilled },
  on_site: { tone: 'talking', Icon: ToolFilled },
  processing: { tone: 'talking', Icon: ToolFilled },
  suspended: { tone: 'break', Icon: PauseCircleFilled },
  replied: { tone: 'wrap_up', Icon: SyncOutlined },
  reviewing: { tone: 'wrap_up', Icon: SyncOutlined },
  to_follow_up: { tone: 'wrap_up', Icon: PhoneFilled },
  merged: { tone: 'neutral', Icon: BranchesOutlined },
  closed: { tone: 'ready', Icon: CheckCircleFilled },
  cancelled: { tone: 'neutral', Icon: CloseCircleOutlined },
  archived: { tone: 'neutral', Icon: InboxOutlined },
};

export function StateBadge({ state }: { state: OrderState }) {
  const word = useDeskWord();
  const { tone, Icon } = STATE_LOOK[state];
  return (
    <span className="badge" data-tone={tone} data-testid="order-state" data-state={state}>
      <Icon /> {word('state', state)}
    </span>
  );
}

export function UrgencyBadge({ urgency }: { urgency: string }) {
  const word = useDeskWord();
  if (urgency === 'normal' || urgency === 'low') return <span className="quiet">{word('urgency', urgency)}</span>;
  return (
    <span className="badge" data-tone={urgency === 'critical' ? 'danger' : 'ringing'}>
      {urgency === 'critical' ? <FireFilled /> : <WarningFilled />} {word('urgency', urgency)}
    </span>
  );
}

const NEAR_S = 1800;

/** Ticks by itself: what is left, or how long it has been over. */
export function Deadline({ dueAt }: { dueAt: number | null }) {
  const { t } = useTranslation();
  const text = useClock(({ now }) => {
    if (dueAt === null) return '';
    const time = spanText(dueAt - now, t);
    return t(now > dueAt ? 'desk.clock.over' : 'desk.clock.left', { time });
  });
  const tone = useClock(({ now }): Tone => {
    if (dueAt === null || dueAt - now > NEAR_S) return 'neutral';
    return now > dueAt ? 'danger' : 'ringing';
  });
  if (dueAt === null) return <span className="quiet">–</span>;
  const Icon = tone === 'neutral' ? ClockCircleOutlined : WarningFilled;
  return (
    <span className="desk-due" data-tone={tone} title={dateTime(dueAt)}>
      <Icon /> {text}
    </span>
  );
}

/** What makes an order unlike others: supervised, urged, returned, an incident … */
export function OrderMarks({ order }: { order: OrderRow }) {
  const { t } = useTranslation();
  return (
    <span className="desk-marks">
      {order.incident && <Mark tone="danger" text={t('desk.orders.incident')} />}
      {order.supervised && <Mark tone="danger" text={t('desk.orders.supervised')} />}
      {order.escalation > 0 && <Mark tone="ringing" text={t('desk.orders.escalated', { level: order.escalation })} />}
      {order.urges > 0 && <Mark tone="ringing" text={t('desk.orders.urged', { count: order.urges })} />}
      {order.returns > 0 && <Mark tone="break" text={t('desk.orders.returned', { count: order.returns })} />}
      {order.round > 1 && <Mark tone="wrap_up" text={t('desk.orders.round', { count: order.round })} />}
      {order.extension_asked && <Mark tone="training" text={t('desk.orders.extensionAsked')} />}
      {order.confidential && (
        <span className="desk-mark" data-tone="neutral">
          <EyeInvisibleOutlined /> {t('desk.orders.confidential')}
        </span>
      )}
    </span>
  );
}

function Mark({ tone, text }: { tone: Tone; text: string }) {
  return (
    <span className="desk-mark" data-tone={tone}>
      {text}
    </span>
  );
}
