import { expect, test } from 'vitest';
import type { CallDetails } from '../../api/types.ts';
import { storyOf, ticks } from './story.ts';

const AGENT = { id: 3, number: '1003', name: '张伟' };
const CALL: CallDetails = {
  id: 'c1',
  started_at: 1000,
  ended_at: 1090,
  dialled: '96100',
  caller_number: '',
  caller_name: '',
  customer: null,
  queue_id: 'repairs',
  agent: AGENT,
  outcome: 'answered',
  ended_by: 'caller',
  waited_ms: 20_000,
  ring_ms: 0,
  talk_ms: 40_000,
  hold_ms: 0,
  disposition: '',
  segments: [
    { kind: 'ivr', started_at: 1000, ended_at: 1010, detail: '' },
    { kind: 'queue', started_at: 1010, ended_at: 1030, detail: 'repairs' },
    { kind: 'talk', started_at: 1030, ended_at: 1070, detail: '1003' },
    { kind: 'hold', started_at: 1040, ended_at: 1050, detail: '' },
    { kind: 'wrap_up', started_at: 1070, ended_at: null, detail: '1003' },
  ],
  offers: [
    { agent: AGENT, started_at: 1012, ended_at: 1020, outcome: 'refused', cause: 'no_answer', why: '' },
    { agent: AGENT, started_at: 1012, ended_at: 1030, outcome: 'answered', cause: '', why: '' },
  ],
  path: [
    { flow: 'main', node: 'welcome', at: 1000 },
    { flow: 'main', node: 'people', at: 1008 },
  ],
  inputs: [],
  recordings: [],
};

test('every part of a call has its lane, and what overlaps lies below each other', () => {
  const story = storyOf(CALL);
  expect([story.begin, story.end]).toEqual([1000, 1090]);
  expect(story.lanes.map(({ id, rows }) => [id, rows])).toEqual([
    ['menu', 1],
    ['queue', 1],
    ['offers', 2],
    ['call', 2],
  ]);
});

test('the words of a short bar may reach as far as the next one in its line, or the end of the picture', () => {
  const [menu, , offers, call] = storyOf(CALL).lanes;
  expect(menu?.bars.map(({ wordsUntil }) => wordsUntil)).toEqual([1008, 1090]);
  expect(offers?.bars.map(({ row, wordsUntil }) => [row, wordsUntil])).toEqual([
    [0, 1090],
    [1, 1090],
  ]);
  expect(call?.bars.map(({ row, wordsUntil }) => [row, wordsUntil])).toEqual([
    [0, 1070],
    [1, 1090],
    [0, 1090],
  ]);
});

test('the last node ends where its menus end, and wrap-up that goes on reaches the end of the picture', () => {
  const [menu, , , call] = storyOf(CALL).lanes;
  expect(menu?.bars.map(({ from, until }) => [from, until])).toEqual([
    [1000, 1008],
    [1008, 1010],
  ]);
  expect(call?.bars.at(-1)).toMatchObject({ from: 1070, until: 1090, tone: 'wrap_up' });
});

test('a call of nothing but its beginning is still a picture', () => {
  const story = storyOf({ ...CALL, ended_at: null, segments: [], offers: [], path: [] });
  expect(story.end).toBeGreaterThan(story.begin);
  expect(story.lanes).toEqual([]);
});

test('the axis has round distances', () => {
  expect(ticks(95, 8)).toEqual([0, 15, 30, 45, 60, 75, 90]);
  expect(ticks(7, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(ticks(100_000, 8)).toHaveLength(9);
});
