/** Texts that tick. Each reads the shared clock itself, so that a second re-renders these few letters and nothing else. */

import { useClock } from '../time/clock.ts';
import { clockDuration, countdown } from '../time/format.ts';

/** Time passed since a server instant (seconds). */
export function Timer({ since }: { since: number }) {
  const text = useClock((clock) => clockDuration(clock.now - since));
  return <span className="timer">{text}</span>;
}

/** Time left until a server instant (seconds). */
export function Countdown({ until }: { until: number }) {
  const text = useClock((clock) => countdown(until - clock.now));
  return <span className="timer">{text}</span>;
}
