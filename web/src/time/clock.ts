/** One ticking second for all timers of the page, on the server's clock. */

import { create } from 'zustand';

interface ClockStore {
  /** Server seconds minus local seconds. */
  offset: number;
  /** Server instant of the last tick, seconds. */
  now: number;
}

const localSeconds = (): number => Date.now() / 1000;

export const useClock = create<ClockStore>(() => ({ offset: 0, now: localSeconds() }));

/** Called with the server's own instant the moment a message arrives. */
export function synchronise(serverNow: number): void {
  const offset = serverNow - localSeconds();
  useClock.setState({ offset, now: serverNow });
}

export const serverNow = (): number => localSeconds() + useClock.getState().offset;

/** Ticks just after each full second of the server, so that all timers on the screen change together. */
export function startClock(): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const tick = (): void => {
    const now = serverNow();
    useClock.setState({ now });
    timer = setTimeout(tick, 1000 - ((now * 1000) % 1000) + 5);
  };
  tick();
  return () => clearTimeout(timer);
}
