import { expect, test } from 'vitest';
import { figureColumns, figureText, targetText } from './boardFigures.ts';

test('figures are written by their unit', () => {
  expect(figureText(0.8302, 'share')).toBe('83.0%');
  expect(figureText(1, 'share')).toBe('100%');
  expect(figureText(95.4, 's')).toBe('1:35');
  expect(figureText(7, 'count')).toBe('7');
  expect(figureText(null, 'count')).toBe('–');
});

test('a target says in which direction it is met', () => {
  expect(targetText(0.8, 'share', 'more')).toBe('≥ 80%');
  expect(targetText(15, 's', 'less')).toBe('≤ 0:15');
  expect(targetText(null, 's', 'less')).toBeNull();
  expect(targetText(5, 'count', '')).toBeNull();
});

test('figures stand in full rows', () => {
  expect([4, 6, 8, 12].map(figureColumns)).toEqual([4, 6, 4, 6]);
});
