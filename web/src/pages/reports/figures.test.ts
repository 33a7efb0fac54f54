import { expect, test } from 'vitest';
import { change, charted, figureText } from './figures.ts';

test('each unit has its own look', () => {
  expect(figureText('count', 1_234_567)).toBe('1,234,567');
  expect(figureText('ms', 61_400)).toBe('1:01');
  expect(figureText('share', 0.8302)).toBe('83.0%');
  expect(figureText('number', 4.5)).toBe('4.50');
  expect(figureText('share', null)).toBe('–');
});

test('shares differ by points, the rest by percent, and nothing is divided by nothing', () => {
  expect(change('share', 0.86, 0.83)).toBe('+3.0 pp');
  expect(change('count', 90, 120)).toBe('-25.0%');
  expect(change('count', 5, 0)).toBe('');
  expect(change('count', 0, 0)).toBe('0.0%');
  expect(change('share', 0.0759, 0.0761)).toBe('0.0 pp');
  expect(change('count', 10_001, 10_000)).toBe('0.0%');
  expect(change('count', 5, null)).toBe('');
});

test('charts show seconds and percent', () => {
  expect(charted('ms', 12_345)).toBe(12.3);
  expect(charted('share', 0.5)).toBe(50);
});
