import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { clockDuration, countdown, dateTime, percent, shortInstant, timeOfDay } from './format.ts';
import { forPicker, inCentre, meantInCentre, setZone } from './zone.ts';

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'America/New_York'; // the browser's own zone must not matter
});
afterAll(() => {
  process.env.TZ = zone;
});
afterEach(() => setZone('Asia/Shanghai'));

test('durations count up in whole seconds and never below zero', () => {
  expect([0, 7.99, 59, 60, 754, 3723].map(clockDuration)).toEqual(['0:00', '0:07', '0:59', '1:00', '12:34', '1:02:03']);
  expect(clockDuration(-0.4)).toBe('0:00');
});

test('a countdown shows the second that has begun', () => {
  expect([10, 9.2, 0.1, 0, -3].map(countdown)).toEqual(['0:10', '0:10', '0:01', '0:00', '0:00']);
});

test("instants in the centre's time, short where the day is clear", () => {
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

test('the same instant reads otherwise in another centre', () => {
  const evening = Date.UTC(2026, 10, 21, 16, 30) / 1000; // half past midnight of the next day in Shanghai
  expect(dateTime(evening)).toBe('2026-11-22 00:30');
  expect(timeOfDay(evening)).toBe('00:30:00');
  setZone('Asia/Urumqi');
  expect(dateTime(evening)).toBe('2026-11-21 22:30');
  expect(shortInstant(evening, evening + 2 * 3600)).toBe('11-21 22:30');
});

test('an unknown zone leaves the one before', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  setZone('Mars/Olympus');
  expect(warn).toHaveBeenCalledOnce();
  expect(inCentre(0).format('HH:mm')).toBe('08:00');
});

test('a date picker shows and means the time of the centre', () => {
  const noon = Date.UTC(2026, 10, 21, 4, 5) / 1000;
  expect(forPicker(noon).format('YYYY-MM-DD HH:mm')).toBe('2026-11-21 12:05');
  expect(meantInCentre(forPicker(noon)).unix()).toBe(noon);
});
