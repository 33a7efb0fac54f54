import { expect, test } from 'vitest';
import { askedFrom, comparedSpan, queryOf, searchOf, spanOf } from './asked.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`) / 1000;
const NOW = at('2026-11-22T15:30:00'); // a Sunday

test('the address restores what was asked', () => {
  const address = 'report=agents&from=1795968000&to=1796054400&by=team&interval=hour&compare=week&days=3&figure=aht_ms';
  const asked = askedFrom(new URLSearchParams(address), NOW);
  expect(askedFrom(searchOf(asked), NOW)).toEqual(asked);
  expect(queryOf(asked)).toEqual({
    from: 1_795_968_000,
    to: 1_796_054_400,
    interval: 'hour',
    by: 'team',
    days: 3,
    compare_from: 1_795_968_000 - 7 * 86_400,
    compare_to: 1_796_054_400 - 7 * 86_400,
  });
});

test('nonsense in the address means the week that is', () => {
  const asked = askedFrom(new URLSearchParams('from=9&to=8&interval=blink&days=x'), NOW);
  expect(asked).toMatchObject({ report: 'traffic', interval: 'day', days: 7, compare: 'none' });
  expect([asked.from, asked.to]).toEqual([at('2026-11-16T00:00'), at('2026-11-23T00:00')]);
});

test('spans are of the calendar', () => {
  expect(spanOf('lastMonth', NOW)).toEqual([at('2026-10-01T00:00'), at('2026-11-01T00:00')]);
  expect(spanOf('lastWeek', NOW)).toEqual([at('2026-11-09T00:00'), at('2026-11-16T00:00')]);
});

test('a month is compared with the month before, whatever their lengths', () => {
  const [from, to] = spanOf('lastMonth', NOW);
  expect(comparedSpan({ from, to, compare: 'before' })).toEqual([at('2026-09-01T00:00'), from]);
  expect(comparedSpan({ from, to, compare: 'year' })).toEqual([at('2025-10-01T00:00'), at('2025-11-01T00:00')]);
  expect(comparedSpan({ from, to, compare: 'none' })).toBeNull();
});
