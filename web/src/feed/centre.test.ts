import type { LiveCallView } from '../api/types.ts';
import { expect, test } from 'vitest';
import { applyMessage, EMPTY_CENTRE } from './centre.ts';
import type { FeedMessage } from '../api/types.ts';
import { agent, message, pop, queue, snapshot, totals } from './samples.ts';

const loaded = applyMessage(EMPTY_CENTRE, message(1, { type: 'snapshot', data: snapshot() }));

test('before the first snapshot nothing is known, after it everything', () => {
  expect(EMPTY_CENTRE.loaded).toBe(false);
  expect(loaded.loaded).toBe(true);
  expect(loaded.agentIds).toEqual([7]);
  expect(loaded.queues.repairs?.service_level_s).toBe(20);
});

test('an object replaces its predecessor and leaves the others and the order untouched', () => {
  const next = applyMessage(loaded, message(2, { type: 'agent', data: agent({ activity: 'talking' }) }));
  expect(next.agents[7]?.activity).toBe('talking');
  expect(next.agentIds).toBe(loaded.agentIds);
  expect(next.queues).toBe(loaded.queues);
});

test('a new agent joins the list', () => {
  const next = applyMessage(loaded, message(2, { type: 'agent', data: agent({ id: 8 }) }));
  expect(next.agentIds).toEqual([7, 8]);
});

test('a call comes and goes', () => {
  const call: LiveCallView = {
    id: 'c1',
    dialled: '96116',
    caller_number: '138****8000',
    caller_name: '',
    customer_name: '',
    phase: 'waiting',
    phase_since: 1,
    started_at: 1,
    flow: '',
    node: '',
    queue_id: 'repairs',
    queued_at: 1,
    position: 1,
    agent_id: null,
    held: false,
    direction: 'inbound',
    held_by: [],
    agent_muted: false,
    caller_muted: false,
    caller_present: true,
    priority_s: 0,
    parties: [],
    consult: null,
    recording: 'off',
    recording_paused_at: null,
    transfer_to: '',
  };
  const ringing = applyMessage(loaded, message(2, { type: 'call', data: call }));
  expect(ringing.callIds).toEqual(['c1']);
  const over = applyMessage(ringing, message(3, { type: 'call_removed', data: { id: 'c1' } }));
  expect(over.callIds).toEqual([]);
  expect(over.calls).toEqual({});
});

test('a snapshot after a gap forgets whoever is no longer there', () => {
  const stale = applyMessage(loaded, message(2, { type: 'pop', data: pop() }));
  const fresh = applyMessage(stale, message(90, { type: 'snapshot', data: snapshot({ agents: [], pop: null }) }));
  expect(fresh.agentIds).toEqual([]);
  expect(fresh.pop).toBeNull();
});

test('a late "closed" of the previous call leaves the pop of the next one alone', () => {
  const second = applyMessage(loaded, message(2, { type: 'pop', data: pop({ call_id: 'c2' }) }));
  expect(applyMessage(second, message(3, { type: 'pop_closed', data: { call_id: 'c1' } })).pop?.call_id).toBe('c2');
  expect(applyMessage(second, message(3, { type: 'pop_closed', data: { call_id: 'c2' } })).pop).toBeNull();
});

test('totals and queues are replaced, a ping changes nothing, a directory message is counted', () => {
  const busy = applyMessage(loaded, message(2, { type: 'totals', data: totals({ waiting: 4 }) }));
  expect(busy.totals?.waiting).toBe(4);
  const longer = applyMessage(busy, message(3, { type: 'queue', data: queue({ waiting: 4 }) }));
  expect(longer.queues.repairs?.waiting).toBe(4);
  expect(applyMessage(longer, message(3, { type: 'ping', data: {} }))).toBe(longer);
  const renamed = applyMessage(longer, message(4, { type: 'directory', data: {} }));
  expect(renamed.directoryVersion).toBe(longer.directoryVersion + 1);
});

test('a message of an unknown kind changes nothing', () => {
  const unknown = { seq: 91, ts: 1, type: 'weather', data: {} } as unknown as FeedMessage;
  expect(applyMessage(EMPTY_CENTRE, unknown)).toBe(EMPTY_CENTRE);
});

test('what changed at the desk is counted by topic', () => {
  const news = message(4, { type: 'desk', data: { topic: 'work_order', id: 7 } });
  const once = applyMessage(loaded, news);
  expect(applyMessage(once, news).deskVersions).toEqual({ ...loaded.deskVersions, work_order: 2 });
});
