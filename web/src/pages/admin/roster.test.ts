import { describe, expect, it } from 'vitest';
import { daysLater, isoDay, mondayOf, planOf } from './roster.ts';

describe('the roster', () => {
  it('begins its weeks on Monday, over the end of months and years', () => {
    expect(isoDay(mondayOf(new Date(2026, 10, 22, 23, 59)))).toBe('2026-11-16'); // a Sunday
    expect(isoDay(mondayOf(new Date(2026, 10, 23, 0, 1)))).toBe('2026-11-23'); // a Monday
    expect(isoDay(daysLater(new Date(2026, 11, 28), 6))).toBe('2027-01-03');
    expect(isoDay(daysLater(new Date(2026, 2, 1), -1))).toBe('2026-02-28');
  });

  it('is read by day and shift', () => {
    const duties = [
      { day: '2026-11-23', shift: '早班', agent_id: 1 },
      { day: '2026-11-23', shift: '早班', agent_id: 2 },
      { day: '2026-11-24', shift: '晚班', agent_id: 1 },
    ];
    expect(planOf(duties)).toEqual({ '2026-11-23': { 早班: [1, 2] }, '2026-11-24': { 晚班: [1] } });
  });
});
