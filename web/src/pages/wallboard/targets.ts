/** What counts as good on the wallboard. Pure. */

import type { QueueView, TotalsView } from '../../api/types.ts';

export type Standing = 'ok' | 'near' | 'missed' | 'noData';

/** At least this share of callers is to be answered (the public lines' own rule). */
export const ANSWER_RATE_TARGET = 0.95;
export const ABANDON_RATE_TARGET = 0.05;
/** Answer the phone within 15 seconds, on average. */
export const ANSWER_SPEED_TARGET_S = 15;
/** One caller waiting for every so many agents is what a healthy queue shows in its peaks. */
const AGENTS_PER_WAITING = 4;

/** Within a twentieth of the target counts as near. */
const NEAR_SHARE = 0.05;
/** For durations and counts: up to twice the target counts as near. */
const NEAR_FACTOR = 2;

export function atLeast(value: number | null, target: number): Standing {
  if (value === null) return 'noData';
  if (value >= target) return 'ok';
  return value >= target - NEAR_SHARE ? 'near' : 'missed';
}

export function atMost(value: number | null, target: number): Standing {
  if (value === null) return 'noData';
  if (value <= target) return 'ok';
  return value <= target * NEAR_FACTOR ? 'near' : 'missed';
}

const OFF_DUTY = new Set(['signed_out', 'unreachable']);

export function waitingTarget(totals: TotalsView): number {
  const onDuty = Object.entries(totals.agents)
    .filter(([state]) => !OFF_DUTY.has(state))
    .reduce((sum, [, count]) => sum + count, 0);
  return Math.max(1, Math.floor(onDuty / AGENTS_PER_WAITING));
}

/** The strictest threshold of all queues, seconds. */
export function waitTarget(queues: QueueView[]): number {
  return Math.min(...queues.map((queue) => queue.service_level_s), Infinity);
}

/** The queues' targets, each weighing as much as the callers it had; before the first caller their plain mean. */
export function serviceLevelTarget(queues: QueueView[]): number | null {
  if (queues.length === 0) return null;
  const offered = queues.reduce((sum, queue) => sum + queue.offered, 0);
  const weight = (queue: QueueView): number => (offered === 0 ? 1 / queues.length : queue.offered / offered);
  return queues.reduce((sum, queue) => sum + queue.service_level_target * weight(queue), 0);
}

/** `part` of all that were answered or abandoned; null before the first. */
export function share(part: number, totals: Pick<TotalsView, 'answered' | 'abandoned'>): number | null {
  const all = totals.answered + totals.abandoned;
  return all === 0 ? null : part / all;
}
