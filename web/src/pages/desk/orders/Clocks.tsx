/** The order's deadlines: what runs with what is left of it, what stands still, what was kept or missed. */

import { useTranslation } from 'react-i18next';
import type { OrderClock } from '../../../api/desk.ts';
import { dateTime } from '../../../time/format.ts';
import { CheckCircleOutlined, PauseCircleFilled, WarningFilled } from '../../../ui/icons.ts';
import { spanText } from '../span.ts';
import { useDeskWord } from '../words.ts';
import { Deadline } from './look.tsx';

const SHOWN = ['respond', 'arrive', 'finish', 'reply', 'follow_up'];

export function Clocks({ clocks }: { clocks: OrderClock[] }) {
  const { t } = useTranslation();
  const word = useDeskWord();
  const shown = clocks.filter(({ stage }) => SHOWN.includes(stage));
  if (shown.length === 0) return <p className="quiet">{t('desk.clock.none')}</p>;
  return (
    <ul className="desk-clocks">
      {shown.map((clock) => (
        <li key={clock.stage} data-testid={`clock-${clock.stage}`} data-due={clock.due_at ?? ''}>
          <strong>{word('stage', clock.stage)}</strong>
          <Standing clock={clock} />
          <small className="quiet">
            {spanText(clock.budget_s, t)}
            {clock.counting === 'working_days' && ` · ${t('desk.clock.working')}`}
            {clock.due_at != null && ` · ${t('desk.clock.due', { at: dateTime(clock.due_at) })}`}
          </small>
        </li>
      ))}
    </ul>
  );
}

function Standing({ clock }: { clock: OrderClock }) {
  const { t } = useTranslation();
  if (clock.stopped_at != null) {
    const met = (clock.spent_s ?? 0) <= clock.budget_s;
    return (
      <span className="desk-due" data-tone={met ? 'ready' : 'danger'}>
        {met ? <CheckCircleOutlined /> : <WarningFilled />} {t(met ? 'desk.clock.met' : 'desk.clock.late')}
      </span>
    );
  }
  if (clock.running_since == null) {
    return (
      <span className="desk-due" data-tone="break">
        <PauseCircleFilled /> {t('desk.clock.frozen')}
      </span>
    );
  }
  return <Deadline dueAt={clock.due_at ?? null} />;
}
