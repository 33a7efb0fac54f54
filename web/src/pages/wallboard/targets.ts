/** How a queue's row stands to what its contract says. The figures of boards are judged by the server. Pure. */

export type Standing = 'ok' | 'near' | 'missed' | 'noData';

/** Within a twentieth of the target counts as near. */
const NEAR_SHARE = 0.05;
/** For durations: up to twice the target counts as near. */
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
