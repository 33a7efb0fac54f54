/** The two hours of the chart as evenly spaced slots, with zeros where the server had nothing to tell. Pure. */

import type { TrafficPoint } from '../../api/types.ts';

export const SLOT_S = 300;
export const SLOTS = 24;

/** Oldest first; the last slot is the one that `now` lies in. */
export function trafficSlots(points: TrafficPoint[], now: number): TrafficPoint[] {
  const byStart = new Map(points.map((point) => [Math.floor(point.at / SLOT_S), point]));
  const last = Math.floor(now / SLOT_S);
  return Array.from({ length: SLOTS }, (_, index) => {
    const slot = last - SLOTS + 1 + index;
    return byStart.get(slot) ?? { at: slot * SLOT_S, offered: 0, answered: 0, abandoned: 0 };
  });
}
