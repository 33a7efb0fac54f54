/** The half-hours of a week as days of the centre. Pure. */

import { inCentre } from '../../time/zone.ts';

export interface Slot {
  start: number;
  expected: number;
  agents_needed: number | null;
  agents_planned: number;
}

export interface Day {
  date: string;
  /** 1 is Monday. */
  weekday: number;
  slots: Slot[];
  /** Agents short in the worst half-hour. */
  short: number;
}

export function daysOf(slots: readonly Slot[]): Day[] {
  const days = new Map<string, Slot[]>();
  for (const slot of slots) {
    const date = inCentre(slot.start).format('YYYY-MM-DD');
    days.set(date, [...(days.get(date) ?? []), slot]);
  }
  return [...days].map(([date, own]) => ({
    date,
    weekday: ((inCentre(own[0]?.start ?? 0).day() + 6) % 7) + 1,
    slots: own,
    short: Math.max(0, ...own.map((slot) => (slot.agents_needed ?? 0) - slot.agents_planned)),
  }));
}

export const slotTime = (start: number): string =>
  `${inCentre(start).format('HH:mm')}–${inCentre(start + 1800).format('HH:mm')}`;
