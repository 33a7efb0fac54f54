/** The page's copy of the centre, read through selectors so that a tile renders only when its own object changes. */

import { create } from 'zustand';
import type { AgentView, FeedMessage, LiveCallView, QueueView } from '../api/types.ts';
import { applyMessage, EMPTY_CENTRE, type CentreState } from './centre.ts';

export type ConnectionState = 'connecting' | 'live' | 'stale' | 'offline';

interface FeedStore extends CentreState {
  connection: ConnectionState;
  /** Server instant (seconds) of the last sign of life; 0: none yet. */
  lastHeard: number;
}

export const useFeed = create<FeedStore>(() => ({ ...EMPTY_CENTRE, connection: 'connecting', lastHeard: 0 }));

export function receive(message: FeedMessage): void {
  useFeed.setState((state) => applyMessage(state, message));
}

/** `now`: server instant, seconds. */
export function heard(now: number): void {
  useFeed.setState({ lastHeard: now });
}

export function setConnection(connection: ConnectionState): void {
  if (useFeed.getState().connection !== connection) useFeed.setState({ connection });
}

export function forgetCentre(): void {
  useFeed.setState({ ...EMPTY_CENTRE, connection: 'connecting', lastHeard: 0 });
}

export const useAgent = (id: number | null | undefined): AgentView | undefined =>
  useFeed((state) => (id === null || id === undefined ? undefined : state.agents[id]));

export const useQueue = (id: string): QueueView | undefined => useFeed((state) => state.queues[id]);

export const useLiveCall = (id: string | undefined): LiveCallView | undefined =>
  useFeed((state) => (id === undefined ? undefined : state.calls[id]));
