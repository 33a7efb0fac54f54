/** Objects of the feed for tests: one of each, changed where a story needs it. */

import type {
  AgentView,
  CentreSnapshot,
  FeedMessage,
  LiveCallView,
  QueueView,
  ScreenPop,
  TotalsView,
} from '../api/types.ts';

export const agent = (change: Partial<AgentView> = {}): AgentView => ({
  id: 7,
  number: '1007',
  name: '赵敏',
  extension: '1007',
  team: null,
  skills: { repairs: 5 },
  presence: 'ready',
  reason: '',
  presence_since: 100,
  pending_presence: null,
  activity: 'idle',
  activity_since: 100,
  phone: 'reachable',
  call_id: '',
  queue_id: '',
  wrap_up_until: null,
  answered_today: 0,
  missed_today: 0,
  talk_s_today: 0,
  ...change,
});

export const queue = (change: Partial<QueueView> = {}): QueueView => ({
  id: 'repairs',
  name: { 'zh-CN': '报修', en: 'Repairs' },
  waiting: 0,
  longest_wait_since: null,
  offered: 0,
  answered: 0,
  abandoned: 0,
  abandoned_short: 0,
  overflowed: 0,
  answered_within: 0,
  abandoned_within: 0,
  service_level: null,
  service_level_s: 20,
  service_level_target: 0.8,
  average_answer_s: null,
  agents_signed_in: 0,
  agents_ready: 0,
  expected_wait_s: null,
  ...change,
});

export const liveCall = (change: Partial<LiveCallView> = {}): LiveCallView => ({
  id: 'c1',
  dialled: '96116',
  caller_number: '13800138000',
  caller_name: '',
  customer_name: '',
  direction: 'inbound',
  phase: 'talking',
  phase_since: 100,
  started_at: 90,
  flow: '',
  node: '',
  queue_id: 'repairs',
  queued_at: null,
  position: null,
  agent_id: 7,
  held: false,
  held_by: [],
  agent_muted: false,
  caller_muted: false,
  caller_present: true,
  priority_s: 0,
  parties: [],
  consult: null,
  recording: 'on',
  recording_paused_at: null,
  transfer_to: '',
  ...change,
});

export const totals = (change: Partial<TotalsView> = {}): TotalsView => ({
  waiting: 0,
  longest_wait_since: null,
  live_calls: 0,
  offered: 0,
  answered: 0,
  abandoned: 0,
  service_level: null,
  average_answer_s: null,
  agents: {},
  traffic: [],
  ...change,
});

export const pop = (change: Partial<ScreenPop> = {}): ScreenPop => ({
  call_id: 'c1',
  offer_id: 'c1-a1',
  agent_id: 7,
  state: 'ringing',
  since: 100,
  dialled: '96116',
  queue_id: 'repairs',
  waited_s: 12,
  caller_number: '13800138000',
  caller_name: '',
  region: {},
  identified: 'done',
  matches: 0,
  customer: null,
  outside: [],
  path: [],
  entered: [],
  last_contacts: [],
  ...change,
});

export const snapshot = (change: Partial<CentreSnapshot> = {}): CentreSnapshot => ({
  now: 1000,
  agents: [agent()],
  queues: [queue()],
  calls: [],
  totals: totals(),
  pop: null,
  ...change,
});

type Body = { [Type in FeedMessage['type']]: Pick<Extract<FeedMessage, { type: Type }>, 'type' | 'data'> };

export function message(seq: number, body: Body[keyof Body], epoch = 'e1'): FeedMessage {
  return { epoch, seq, ts: 1000, ...body };
}
