/**
 * Commands that were accepted but not yet seen in the feed. The page shows them as pending, never as done:
 * what is true comes from the feed alone.
 */

import { create } from 'zustand';
import { useFeed } from './store.ts';
import type { CentreState } from './centre.ts';

export const PENDING_TIMEOUT_MS = 8_000;

export interface PendingCommand {
  /** What is being waited for, e.g. "presence:7"; a second command of the same key replaces the first. */
  key: string;
  since: number;
  /** Does the feed show the new truth? */
  isSettled: (state: CentreState) => boolean;
}

export interface Settled {
  waiting: PendingCommand[];
  /** Given up: the feed never showed the change. */
  expired: PendingCommand[];
}

/** Pure: who still waits at `nowMs`, and who has waited too long. */
export function settle(pending: PendingCommand[], state: CentreState, nowMs: number): Settled {
  const open = pending.filter((command) => !command.isSettled(state));
  return {
    waiting: open.filter((command) => nowMs - command.since < PENDING_TIMEOUT_MS),
    expired: open.filter((command) => nowMs - command.since >= PENDING_TIMEOUT_MS),
  };
}

interface PendingStore {
  commands: PendingCommand[];
}

const expiryListeners = new Map<PendingCommand, () => void>();

const usePendingStore = create<PendingStore>(() => ({ commands: [] }));

export const usePending = (key: string): boolean =>
  usePendingStore((state) => state.commands.some((command) => command.key === key));

export function dropPending(key: string): void {
  usePendingStore.setState((state) => ({ commands: state.commands.filter((command) => command.key !== key) }));
}

/**
 * Marks `key` as pending, sends, and leaves it pending until the feed settles it.
 * A refused request ends it at once; `onExpired` is told when the feed stays silent.
 */
export async function sendCommand(
  key: string,
  isSettled: PendingCommand['isSettled'],
  send: () => Promise<unknown>,
  onExpired: () => void,
): Promise<void> {
  const command: PendingCommand = { key, since: Date.now(), isSettled };
  usePendingStore.setState((state) => ({
    commands: [...state.commands.filter((other) => other.key !== key), command],
  }));
  expiryListeners.set(command, onExpired);
  setTimeout(review, PENDING_TIMEOUT_MS + 50);
  try {
    await send();
  } catch (error) {
    expiryListeners.delete(command);
    usePendingStore.setState((state) => ({ commands: state.commands.filter((other) => other !== command) }));
    throw error;
  }
  review();
}

function review(): void {
  const { commands } = usePendingStore.getState();
  if (commands.length === 0) return;
  const { waiting, expired } = settle(commands, useFeed.getState(), Date.now());
  if (waiting.length !== commands.length) usePendingStore.setState({ commands: waiting });
  for (const command of expired) expiryListeners.get(command)?.();
  for (const command of expiryListeners.keys()) {
    if (!waiting.includes(command)) expiryListeners.delete(command);
  }
}

useFeed.subscribe(review);
