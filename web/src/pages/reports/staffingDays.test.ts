import { expect, test } from 'vitest';
import { daysOf, slotTime } from './staffingDays.ts';

const MIDNIGHT = Date.UTC(2027, 2, 1) / 1000 - 8 * 3600; // Monday, in Shanghai
const slot = (start: number, needed: number | null, planned: number) => ({
  start,
  expected: 1,
  agents_needed: needed,
  agents_planned: planned,
});

test('half-hours lie on the days of the centre, with the worst lack of each', () => {
  const slots = [slot(MIDNIGHT, 3, 1), slot(MIDNIGHT + 1800, null, 0), slot(MIDNIGHT + 86_400, 2, 5)];
  expect(daysOf(slots).map(({ date, weekday, short }) => [date, weekday, short])).toEqual([
    ['2027-03-01', 1, 2],
    ['2027-03-02', 2, 0],
  ]);
  expect(slotTime(MIDNIGHT + 84_600)).toBe('23:30–00:00');
});
