import { expect, test } from 'vitest';
import { atLeast, atMost } from './targets.ts';

test('a service level just below its target is near it', () => {
  expect(atLeast(0.8, 0.8)).toBe('ok');
  expect(atLeast(0.76, 0.8)).toBe('near');
  expect(atLeast(0.74, 0.8)).toBe('missed');
  expect(atLeast(null, 0.8)).toBe('noData');
});

test('a wait of up to twice the threshold is near it', () => {
  expect(atMost(20, 20)).toBe('ok');
  expect(atMost(40, 20)).toBe('near');
  expect(atMost(41, 20)).toBe('missed');
  expect(atMost(null, 20)).toBe('noData');
});
