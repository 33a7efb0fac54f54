import { expect, test } from 'vitest';
import { agentState } from './agentState.ts';
import { agent } from './samples.ts';

test('what happens goes before what was chosen', () => {
  const leaving = agent({ presence: 'signed_out', activity: 'talking', activity_since: 300 });
  expect(agentState(leaving)).toEqual({ state: 'talking', since: 300 });
});

test('hold is part of the conversation, an offer part of the ringing', () => {
  expect(agentState(agent({ activity: 'hold' })).state).toBe('talking');
  expect(agentState(agent({ activity: 'offered' })).state).toBe('ringing');
});

test('ready counts from the later of becoming ready and becoming free', () => {
  expect(agentState(agent({ presence_since: 100, activity_since: 250 }))).toEqual({ state: 'ready', since: 250 });
  expect(agentState(agent({ presence_since: 400, activity_since: 250 }))).toEqual({ state: 'ready', since: 400 });
});

test('a phone that is gone hides a presence, except a signed-out one', () => {
  expect(agentState(agent({ phone: 'unreachable' })).state).toBe('unreachable');
  expect(agentState(agent({ phone: 'unreachable', presence: 'signed_out' })).state).toBe('signed_out');
});

test('breaks and training keep their own names', () => {
  for (const presence of ['break', 'training', 'outbound_only'] as const) {
    expect(agentState(agent({ presence })).state).toBe(presence);
  }
});
