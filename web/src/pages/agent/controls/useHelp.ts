/** Asking who supervises for help: one press asks, the next withdraws. */

import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { usePending } from '../../../feed/pending.ts';
import { useFeed } from '../../../feed/store.ts';
import { useCommand } from '../../../ui/useCommand.ts';

export function useHelp(agentId: number): { pending: boolean; toggle: () => void } {
  const { t } = useTranslation();
  const command = useCommand();
  const asked = useFeed((state) => state.helps[agentId] !== undefined);
  const key = `help:${agentId}`;
  const pending = usePending(key);
  return {
    pending,
    toggle: () => {
      if (pending) return;
      void command({
        key,
        action: t('controls.help'),
        isSettled: ({ helps }) => (helps[agentId] !== undefined) !== asked,
        send: () => (asked ? api.withdrawHelp() : api.askForHelp('')),
      });
    },
  };
}
