import { expect, test } from 'vitest';
import type { FlowDrawing, Passage } from '../../api/types.ts';
import { edgeWord, figuresOf, lines, placed } from './layout.ts';

const drawing: FlowDrawing = {
  flow: 'main',
  boxes: ['welcome', 'bill', 'people', '*', 'flow:survey'].map((id) => ({
    id,
    type: 'say',
    title: {},
    text: '',
    line: 1,
    entry: id === 'welcome',
  })),
  arrows: [
    { source: 'welcome', target: 'bill', edge: 'choices.1' },
    { source: 'welcome', target: 'people', edge: 'choices.2' },
    { source: 'welcome', target: 'people', edge: 'no_input' },
    { source: 'bill', target: 'people', edge: 'next' },
    { source: 'bill', target: 'flow:survey', edge: 'goto' },
    { source: '*', target: 'people', edge: 'keys.0' },
  ],
};

const passage = (node: string, edge: string, toNode: string, callers: number, way = 'edge'): Passage => ({
  node,
  way,
  edge,
  to_flow: edge === 'goto' ? 'survey' : way === 'edge' ? 'main' : '',
  to_node: toNode,
  callers,
  spent_s: callers * 3,
  at: null,
});

const today = [
  passage('welcome', 'choices.1', 'bill', 5),
  passage('welcome', 'choices.2', 'people', 2),
  passage('welcome', 'no_input', 'people', 1),
  passage('welcome', 'keys.0', 'people', 4),
  passage('bill', 'keys.0', 'people', 1),
  passage('bill', 'goto', 'thanks', 3),
  passage('welcome', '', '', 2, 'hung_up'),
];

test('edges between the same two nodes are one line with all their callers', () => {
  const found = Object.fromEntries(lines(drawing, today).map((line) => [line.id, line]));
  expect(found['welcome people']).toMatchObject({ words: ['2', 'no_input'], callers: 3 });
  expect(found['* people']?.callers).toBe(5);
  expect(found['bill flow:survey']?.callers).toBe(3);
  expect(found['bill people']?.callers).toBe(0);
});

test('a node knows who passed, who hung up there and how long they stayed', () => {
  expect(figuresOf('welcome', today)).toEqual({ callers: 14, hungUp: 2, averageS: 3 });
  expect(figuresOf('people', today)).toEqual({ callers: 0, hungUp: 0, averageS: null });
});

test('every box has its place below those that lead to it', () => {
  const at = Object.fromEntries(placed(drawing).map((box) => [box.id, box]));
  const y = (id: string): number => at[id]?.y ?? Number.NaN;
  expect(y('bill')).toBeGreaterThan(y('welcome'));
  expect(y('people')).toBeGreaterThan(y('bill'));
});

test('edges are named as people say them', () => {
  expect(['choices.12', 'keys.*', 'cases.0.go', 'on_timeout'].map(edgeWord)).toEqual([
    '12',
    '*',
    'cases.0',
    'on_timeout',
  ]);
});
