/** The time after the call: how much is left, finishing early, asking for more. */

import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { AgentView } from '../../api/types.ts';
import { usePending } from '../../feed/pending.ts';
import { useClock } from '../../time/clock.ts';
import { Countdown } from '../../ui/Timer.tsx';
import { useCommand } from '../../ui/useCommand.ts';

export const EXTENSION_S = 30;

export function useWrapUp(agent: AgentView) {
  const { t } = useTranslation();
  const command = useCommand();
  const finishKey = `finish:${agent.id}`;
  const extendKey = `extend:${agent.id}`;
  const extending = usePending(extendKey);

  const finish = async (): Promise<void> => {
    await command({
      key: finishKey,
      action: t('wrapUp.finish'),
      isSettled: ({ agents }) => agents[agent.id]?.activity !== 'wrap_up',
      send: api.finishWrapUp,
    });
  };
  const extend = (): void => {
    const until = agent.wrap_up_until ?? 0;
    void command({
      key: extendKey,
      action: t('wrapUp.extend', { count: EXTENSION_S }),
      isSettled: ({ agents }) => (agents[agent.id]?.wrap_up_until ?? Infinity) > until,
      send: () => api.extendWrapUp(EXTENSION_S),
    });
  };
  return { finish, extend, finishKey, extending };
}

export function WrapUpTimer({ since, until }: { since: number; until: number }) {
  const { t } = useTranslation();
  const left = useClock((clock) => Math.max(0, Math.min(1, (until - clock.now) / Math.max(1, until - since))));
  return (
    <span className="wrap-up-timer" data-testid="wrapup-left">
      <progress max={1} value={left} aria-label={t('wrapUp.left')} />
      {t('wrapUp.left')} <Countdown until={until} />
    </span>
  );
}
