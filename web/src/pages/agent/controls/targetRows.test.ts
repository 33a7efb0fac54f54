import { expect, test } from 'vitest';
import type { Colleague, Targets } from '../../../api/types.ts';
import { targetRows } from './targetRows.ts';

const colleague = (id: number, change: Partial<Colleague> = {}): Colleague => ({
  id,
  number: `100${id}`,
  name: `Agent ${id}`,
  team: null,
  presence: 'ready',
  activity: 'idle',
  activity_since: 1,
  presence_since: 1,
  phone: 'reachable',
  free: true,
  ...change,
});

const targets: Targets = {
  agents: [colleague(2, { free: false, activity: 'talking' }), colleague(3), colleague(4, { presence: 'signed_out' })],
  queues: [{ id: 'repairs', name: { en: 'Repairs' }, waiting: 2, agents_ready: 0 }],
  flows: [
    { id: 'rating', title: {}, survey: true },
    { id: 'hours', title: {}, survey: false },
  ],
  outside: true,
  shown_numbers: ['96116'],
  pieces: [],
};
const names = {
  queue: (id: string, name: Record<string, string>) => name.en ?? id,
  flow: (id: string) => id,
  team: (id: string) => id,
  outside: (number: string) => `dial ${number}`,
};
const keys = (mode: Parameters<typeof targetRows>[1], search = '') =>
  targetRows(targets, mode, search, '', names).map(({ key }) => key);

test('free colleagues come first, those signed out only where they are looked for', () => {
  expect(keys('invite')).toEqual(['agent:3', 'agent:2']);
  expect(keys('invite', '1004')).toEqual(['number', 'agent:4']);
});

test('each way has its own targets', () => {
  expect(keys('transfer', 're')).toEqual(['queue:repairs']);
  expect(keys('consult')).toEqual(['agent:3', 'agent:2', 'queue:repairs']);
  expect(keys('survey')).toEqual(['flow:rating']);
});

test('a colleague who is busy is shown and cannot be chosen', () => {
  const row = targetRows(targets, 'invite', '1002', '', names).find(({ kind }) => kind === 'agent');
  expect([row?.enabled, row?.state]).toEqual([false, 'talking']);
});

test('a number outside may be typed where there is a way out, with the number that is to be seen', () => {
  const [row] = targetRows(targets, 'transfer', '028-8555 1234', '96116', names);
  expect(row?.to).toEqual({ kind: 'number', number: '02885551234', shown: '96116' });
  expect(targetRows({ ...targets, outside: false }, 'transfer', '02885551234', '', names)).toEqual([]);
});
