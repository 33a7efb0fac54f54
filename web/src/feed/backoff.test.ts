import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('doubles from half a second up to fifteen', () => {
  const longest = [0, 1, 2, 3, 4, 5, 20].map((attempt) => backoffMs(attempt, 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000]);
});

test('chance spreads the pages over the upper half of the delay', () => {
  expect(backoffMs(3, 0)).toBe(2000);
  expect(backoffMs(3, 0.5)).toBe(3000);
});
