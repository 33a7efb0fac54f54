import { expect, test } from 'vitest';
import type { PartyView } from '../../../api/types.ts';
import { agent, liveCall } from '../../../feed/samples.ts';
import { abilities, dialable, members, partIn } from './ownCall.ts';

const party = (change: Partial<PartyView> = {}): PartyView => ({
  id: 'c1.l2',
  role: 'consulted',
  number: '1008',
  name: '',
  agent_id: 8,
  state: 'joined',
  since: 100,
  muted: false,
  held: false,
  ...change,
});

test('only the agent in charge sends the caller elsewhere', () => {
  const call = liveCall({ parties: [party({ role: 'conference' })] });
  expect(abilities(call, agent()).transfer).toBe(true);
  const other = abilities(call, agent({ id: 8 }));
  expect([other.part, other.transfer, other.mute]).toEqual(['member', false, true]);
  expect(partIn(call, agent({ id: 9 }))).toBe('none');
});

test('while somebody is asked, or still being rung, nothing else is begun', () => {
  for (const state of ['queued', 'ringing', 'joined'] as const) {
    const can = abilities(liveCall({ parties: [party({ state })] }), agent());
    expect([can.consulting, can.hold, can.transfer, can.invite, can.digits]).toEqual([true, false, false, false, true]);
  }
});

test('a caller who has left cannot be held or sent on, and the others go on', () => {
  const call = liveCall({ caller_present: false, parties: [party({ role: 'conference' })] });
  const can = abilities(call, agent());
  expect([can.hold, can.transfer, can.survey, can.invite]).toEqual([false, false, false, true]);
  expect(members(call)).toHaveLength(1);
});

test('before and after the conversation there is nothing to press', () => {
  for (const phase of ['ringing', 'dialling', 'transferring', 'ended'] as const) {
    expect(Object.values(abilities(liveCall({ phase }), agent())).filter((can) => can === true)).toEqual([]);
  }
  expect(abilities(undefined, agent()).hold).toBe(false);
});

test('what was typed is dialled without its punctuation, or not at all', () => {
  expect(dialable('028-8555 1234')).toBe('02885551234');
  expect(dialable('+86 (28) 8555')).toBe('+86288555');
  expect([dialable('7'), dialable('abc'), dialable('1+2')]).toEqual(['', '', '']);
});
