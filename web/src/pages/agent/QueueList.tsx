import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../api/types.ts';
import { useFeed, useQueue } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { EmptyState } from '../../ui/ListState.tsx';
import { Timer } from '../../ui/Timer.tsx';
import { Pickups } from './controls/Pickups.tsx';

export function QueueList({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const ids = useFeed((state) => state.queueIds);
  return (
    <section className="panel" aria-labelledby="queues-title">
      <h2 className="panel__title" id="queues-title">
        {t('agent.queues')}
      </h2>
      {ids.length === 0 && <EmptyState text={t('common.none')} />}
      <ul className="queues">
        {ids.map((id) => (
          <QueueRow key={id} id={id} />
        ))}
      </ul>
      <Pickups agent={agent} />
    </section>
  );
}

const QueueRow = memo(function QueueRow({ id }: { id: string }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const queue = useQueue(id);
  if (!queue) return null;
  const waiting = queue.waiting > 0;
  return (
    <li className="queue" data-testid={`queue-${id}`}>
      <span className="queue__name">
        {localized(queue.name, id)}
        {queue.open === false && (
          <span className="badge" data-tone="neutral">
            {t('agent.queueClosed')}
          </span>
        )}
      </span>
      <span className={waiting ? 'queue__waiting queue__waiting--some' : 'queue__waiting'}>
        {waiting ? t('agent.waitingOf', { count: queue.waiting }) : t('agent.noWaiting')}
      </span>
      <span className="queue__detail">
        {t('agent.readyOf', { ready: queue.agents_ready, signedIn: queue.agents_signed_in })}
      </span>
      <span className="queue__detail queue__longest">
        {queue.longest_wait_since !== null && (
          <>
            {t('agent.longest')} <Timer since={queue.longest_wait_since} />
          </>
        )}
      </span>
    </li>
  );
});
