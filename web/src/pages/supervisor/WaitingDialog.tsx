/** A caller who waits: ahead of others, or into another queue with the time waited. */

import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useFeed, useLiveCall } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import { Timer } from '../../ui/Timer.tsx';
import { useCommand } from '../../ui/useCommand.ts';

/** Seconds ahead of others; the last is before everybody of the day. */
const PRIORITIES = [0, 60, 300, 1800, 86_400] as const;

export const waitingKey = (callId: string): string => `waiting:${callId}`;

export function WaitingDialog({ callId, onClose }: { callId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const command = useCommand();
  const call = useLiveCall(callId ?? undefined);
  const queues = useFeed((state) => state.queues);

  const setPriority = (id: string, seconds: number): void => {
    onClose();
    void command({
      key: waitingKey(id),
      action: t('waiting.priority'),
      isSettled: ({ calls }) => calls[id]?.queued_at == null || calls[id].priority_s === seconds,
      send: () => api.setPriority(id, seconds),
    });
  };
  const move = (id: string, queueId: string): void => {
    onClose();
    void command({
      key: waitingKey(id),
      action: t('waiting.move'),
      isSettled: ({ calls }) => calls[id] === undefined || calls[id].queue_id === queueId,
      send: () => api.moveToQueue(id, queueId),
    });
  };

  return (
    <Dialog title={t('waiting.title')} open={call !== undefined} onClose={onClose}>
      {call && (
        <>
          <p className="waiting__who">
            <strong>{call.caller_number ? <PhoneNumber number={call.caller_number} /> : t('pop.anonymous')}</strong>{' '}
            {localized(queues[call.queue_id]?.name, call.queue_id)}{' '}
            {call.position !== null && t('supervisor.position', { position: call.position })}{' '}
            <Timer since={call.queued_at ?? call.phase_since} />
          </p>
          <h3>{t('waiting.priority')}</h3>
          <div className="waiting__choices" role="group" aria-label={t('waiting.priority')}>
            {PRIORITIES.map((seconds) => (
              <button
                key={seconds}
                type="button"
                className="button button--small"
                data-testid={`priority-${seconds}`}
                aria-pressed={call.priority_s === seconds}
                onClick={() => setPriority(call.id, seconds)}
              >
                {seconds === 0
                  ? t('waiting.normal')
                  : seconds === 86_400
                    ? t('waiting.first')
                    : t('waiting.ahead', { count: seconds / 60 })}
              </button>
            ))}
          </div>
          <h3>{t('waiting.move')}</h3>
          <div className="waiting__choices" role="group" aria-label={t('waiting.move')}>
            {Object.values(queues)
              .filter(({ id }) => id !== call.queue_id)
              .map((queue) => (
                <button
                  key={queue.id}
                  type="button"
                  className="button button--small"
                  data-testid={`move-${queue.id}`}
                  onClick={() => move(call.id, queue.id)}
                >
                  {localized(queue.name, queue.id)}
                  <small>{t('targets.queueState', { waiting: queue.waiting, ready: queue.agents_ready })}</small>
                </button>
              ))}
          </div>
        </>
      )}
    </Dialog>
  );
}
