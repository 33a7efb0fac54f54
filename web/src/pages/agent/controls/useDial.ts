/** An own call: the agent's phone rings first, then the other side's. */

import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.ts';
import { useSession } from '../../../api/session.ts';
import type { AgentView, Person } from '../../../api/types.ts';
import { usePending } from '../../../feed/pending.ts';
import { showToast } from '../../../ui/toasts.ts';
import { useCommand } from '../../../ui/useCommand.ts';
import { rememberDialled } from './lastDialled.ts';
import { dialable } from './ownCall.ts';

export function useDial(agent: AgentView) {
  const { t } = useTranslation();
  const command = useCommand();
  const queries = useQueryClient();
  const { user } = useSession();
  const key = `dial:${agent.id}`;
  const pending = usePending(key);
  const free = agent.activity === 'idle' || agent.activity === 'wrap_up';
  const possible = free && agent.phone === 'reachable' && agent.presence !== 'signed_out';

  const start = (to: Person | null): Promise<boolean> => {
    const before = agent.call_id;
    return command({
      key,
      action: t('dial.title'),
      isSettled: ({ agents }) => {
        const now = agents[agent.id];
        return now !== undefined && now.call_id !== '' && now.call_id !== before;
      },
      send: () => api.dial(to),
    });
  };

  /** A colleague by number, or a number outside; `shown`: which of our numbers the other side sees. */
  const dial = async (text: string, shown = ''): Promise<void> => {
    if (pending || !possible || text.trim() === '') return;
    const targets = await queries.query({ queryKey: ['targets'], queryFn: api.targets, staleTime: 60_000 });
    const colleague = targets.agents.find(({ number }) => number === text.trim());
    const number = dialable(text);
    if (colleague === undefined && number === '') {
      showToast('error', t('error.bad_number'));
      return;
    }
    rememberDialled(user.id, text.trim());
    await start(colleague ? { kind: 'agent', agent_id: colleague.id } : { kind: 'number', number, shown });
  };

  return { dial, conference: () => void start(null), possible, pending };
}
