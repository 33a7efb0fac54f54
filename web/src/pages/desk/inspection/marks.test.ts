import { expect, test } from 'vitest';
import { criteriaFrom, fullMarks, scoreOf } from './marks.ts';

const criteria = [
  { id: 'greeting', name: {}, points: 10 },
  { id: 'answer', name: {}, points: 40 },
  { id: 'privacy', name: {}, points: 10, fatal: true },
];

test('marks come to a share of what applies', () => {
  expect(scoreOf(criteria, fullMarks(criteria))).toEqual({ score: 100, fatal: false });
  expect(scoreOf(criteria, { greeting: 5, answer: 40, privacy: 10 })).toEqual({ score: 91.7, fatal: false });
  expect(scoreOf(criteria, { greeting: null, answer: 20, privacy: 10 })).toEqual({ score: 60, fatal: false });
  expect(scoreOf(criteria, { greeting: null, answer: null, privacy: null })).toEqual({ score: 100, fatal: false });
});

test('a fatal criterion that fails makes it nothing', () => {
  expect(scoreOf(criteria, { greeting: 10, answer: 40, privacy: 0 })).toEqual({ score: 0, fatal: true });
});

test('a sheet is written line by line', () => {
  expect(criteriaFrom('Greeting = 10\nnonsense\nPrivacy=5!')).toEqual([
    { id: 'c1', name: { 'zh-CN': 'Greeting' }, points: 10, fatal: false },
    { id: 'c2', name: { 'zh-CN': 'Privacy' }, points: 5, fatal: true },
  ]);
});
