import { expect, test } from 'vitest';
import { EMPTY_CENTRE } from './centre.ts';
import { PENDING_TIMEOUT_MS, type PendingCommand, settle } from './pending.ts';
import { agent } from './samples.ts';

const becomeReady: PendingCommand = {
  key: 'presence:7',
  since: 0,
  isSettled: ({ agents }) => agents[7]?.presence === 'ready',
};
const onBreak = { ...EMPTY_CENTRE, agents: { 7: agent({ presence: 'break' }) } };
const ready = { ...EMPTY_CENTRE, agents: { 7: agent() } };

test('a command waits until the feed shows its effect', () => {
  expect(settle([becomeReady], onBreak, 1_000)).toEqual({ waiting: [becomeReady], expired: [] });
  expect(settle([becomeReady], ready, 1_000)).toEqual({ waiting: [], expired: [] });
});

test('a command that the feed never confirms expires', () => {
  expect(settle([becomeReady], onBreak, PENDING_TIMEOUT_MS)).toEqual({ waiting: [], expired: [becomeReady] });
});

test('an effect that shows in the last instant still counts', () => {
  expect(settle([becomeReady], ready, PENDING_TIMEOUT_MS + 1)).toEqual({ waiting: [], expired: [] });
});
