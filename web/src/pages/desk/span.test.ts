import { expect, test } from 'vitest';
import { spanText } from './span.ts';

const words = (key: string, { count }: { count: number }): string => `${count}${key.at('desk.clock.'.length) ?? ''}`;

test('short lengths are minutes, middle ones hours with minutes, long ones days', () => {
  expect(spanText(5, words)).toBe('1m');
  expect(spanText(59 * 60, words)).toBe('59m');
  expect(spanText(3600, words)).toBe('1h');
  expect(spanText(3600 + 25 * 60, words)).toBe('1h 25m');
  expect(spanText(47 * 3600, words)).toBe('47h');
  expect(spanText(49 * 3600, words)).toBe('2d');
});

test('a time that is over is as long as one that is left', () => {
  expect(spanText(-90 * 60, words)).toBe('1h 30m');
});
