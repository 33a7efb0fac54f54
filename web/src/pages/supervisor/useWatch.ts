/** Listening to agents with a phone of one's choice; one watch per supervisor's phone, its mode changed without a gap. */

import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { useShallow } from 'zustand/react/shallow';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/session.ts';
import type { WatchMode, WatchView } from '../../api/types.ts';
import { usePending } from '../../feed/pending.ts';
import { useFeed } from '../../feed/store.ts';
import { useCommand } from '../../ui/useCommand.ts';

/** The extension that is rung, per person; kept in this browser, since that is where the phone stands. */
const usePhones = create<{ phones: Record<number, string> }>()(
  persist<{ phones: Record<number, string> }>(() => ({ phones: {} }), { name: 'cti.listeningPhone' }),
);

export function useListeningPhone(): [string, (phone: string) => void] {
  const { user, agent } = useSession();
  const chosen = usePhones((state) => state.phones[user.id]);
  const choose = (phone: string): void => {
    usePhones.setState(({ phones }) => ({ phones: { ...phones, [user.id]: phone } }));
  };
  return [chosen ?? agent?.extension ?? '', choose];
}

export const useOwnWatches = (): WatchView[] => {
  const { login } = useSession().user;
  return useFeed(useShallow((state) => Object.values(state.watches).filter((watch) => watch.supervisor === login)));
};

/** Who listens to this agent, the asking user included. */
export const useWatchesOf = (agentId: number): WatchView[] =>
  useFeed(useShallow((state) => Object.values(state.watches).filter((watch) => watch.agent_id === agentId)));

export const WATCHING = 'watching';

export function useWatching() {
  const { t } = useTranslation();
  const command = useCommand();
  const { login } = useSession().user;
  const [phone] = useListeningPhone();
  const own = useOwnWatches();
  const pending = usePending(WATCHING);

  /** From another agent the own watch moves: it ends there and begins here. */
  const begin = async (agentId: number, mode: WatchMode): Promise<void> => {
    const present = own.find((watch) => watch.agent_id === agentId);
    if (present !== undefined) {
      await change(present, mode);
      return;
    }
    await command({
      key: WATCHING,
      action: t(`watch.${mode}`),
      isSettled: ({ watches }) =>
        Object.values(watches).some((watch) => watch.agent_id === agentId && watch.supervisor === login),
      send: async () => {
        await Promise.all(own.map((watch) => api.endWatch(watch.id)));
        await api.supervise(agentId, mode, phone);
      },
    });
  };

  const change = (watch: WatchView, mode: WatchMode): Promise<boolean> =>
    command({
      key: WATCHING,
      action: t(`watch.${mode}`),
      isSettled: ({ watches }) => watches[watch.id] === undefined || watches[watch.id]?.mode === mode,
      send: () => api.changeWatch(watch.id, mode),
    });

  const end = (watch: WatchView): Promise<boolean> =>
    command({
      key: WATCHING,
      action: t('watch.end'),
      isSettled: ({ watches }) => watches[watch.id] === undefined,
      send: () => api.endWatch(watch.id),
    });

  return { begin, change, end, pending };
}
