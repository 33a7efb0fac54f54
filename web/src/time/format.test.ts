import { afterAll, beforeAll, expect, test } from 'vitest';
import { clockDuration, countdown, dateTime, percent, shortInstant } from './format.ts';

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'Asia/Shanghai';
});
afterAll(() => {
  process.env.TZ = zone;
});

test('durations count up in whole seconds and never below zero', () => {
  expect([0, 7.99, 59, 60, 754, 3723].map(clockDuration)).toEqual(['0:00', '0:07', '0:59', '1:00', '12:34', '1:02:03']);
  expect(clockDuration(-0.4)).toBe('0:00');
});

test('a countdown shows the second that has begun', () => {
  expect([10, 9.2, 0.1, 0, -3].map(countdown)).toEqual(['0:10', '0:10', '0:01', '0:00', '0:00']);
});

test('instants in local time, short where the day is clear', () => {
  const noon = Date.UTC(2026, 10, 21, 4, 5) / 1000;
  expect(dateTime(noon)).toBe('2026-11-21 12:05');
  expect(shortInstant(noon, noon + 3600)).toBe('12:05');
  expect(shortInstant(noon, noon + 86400)).toBe('11-21 12:05');
  expect(shortInstant(noon, noon + 300 * 86400)).toBe('2026-11-21');
});

test('a share that nobody knows yet is no zero', () => {
  expect(percent(0.8342)).toBe('83.4%');
  expect(percent(null)).toBe('–');
});
