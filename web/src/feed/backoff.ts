/** How long to wait before the next attempt to connect. Pure. */

export const FIRST_DELAY_MS = 500;
export const LONGEST_DELAY_MS = 15_000;

/**
 * 0.5 s × 2ⁿ up to 15 s, then a random share between half and all of it, so that two hundred pages
 * do not come back in the same instant after a restart. `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return Math.round(ceiling * (0.5 + random / 2));
}
