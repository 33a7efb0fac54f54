/** Where agents are missing: the queue with the largest gap between those it needs now and those signed in. */

import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../api/types.ts';
import { useFeed } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';

/** Queue and gap of the largest one as "id gap"; a string, so that only a change is rendered. */
function largestGap(queues: Record<string, QueueView>): string {
  const gaps = Object.values(queues)
    .map(({ id, agents_needed: needed, agents_signed_in: here }) => ({ id, gap: (needed ?? 0) - here }))
    .filter(({ gap }) => gap > 0)
    .sort((a, b) => b.gap - a.gap);
  return gaps[0] === undefined ? '' : `${gaps[0].id} ${gaps[0].gap}`;
}

export function StaffingFigure() {
  const { t } = useTranslation();
  const localized = useLocalized();
  const [id = '', gap] = useFeed((state) => largestGap(state.queues)).split(' ');
  const queue = useFeed((state) => state.queues[id]);
  if (queue === undefined) return <span className="strip__staffing">{t('staffing.enough')}</span>;
  return (
    <span className="strip__staffing strip__staffing--short" data-testid="staffing-gap">
      {localized(queue.name, id)} {t('staffing.missing', { count: Number(gap) })}
    </span>
  );
}
