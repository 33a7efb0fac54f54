/** One word for what an agent is doing, from the two axes presence and activity and the phone. Pure. */

import type { AgentView } from '../api/types.ts';

export const AGENT_STATES = [
  'talking',
  'ringing',
  'ready',
  'wrap_up',
  'break',
  'training',
  'outbound_only',
  'busy',
  'unreachable',
  'signed_out',
] as const;

export type AgentState = (typeof AGENT_STATES)[number];

/** The states that the server counts in `totals.agents`, in the order of the wallboard's tiles. */
export const COUNTED_STATES = [
  'ready',
  'talking',
  'ringing',
  'wrap_up',
  'break',
  'training',
  'unreachable',
  'signed_out',
] as const satisfies readonly AgentState[];

export interface StateSince {
  state: AgentState;
  since: number;
}

/** What is happening goes before what was chosen: somebody who signs out during a call is talking until it ends. */
type AxesOf = Pick<AgentView, 'presence' | 'presence_since' | 'activity' | 'activity_since' | 'phone'>;

export function agentState(agent: AxesOf): StateSince {
  switch (agent.activity) {
    case 'talking':
    case 'hold':
      return { state: 'talking', since: agent.activity_since };
    case 'offered':
    case 'ringing':
      return { state: 'ringing', since: agent.activity_since };
    case 'wrap_up':
      return { state: 'wrap_up', since: agent.activity_since };
    case 'busy':
    case 'idle':
      break;
  }
  if (agent.presence === 'signed_out') return { state: 'signed_out', since: agent.presence_since };
  if (agent.phone === 'unreachable') return { state: 'unreachable', since: agent.presence_since };
  if (agent.activity === 'busy') return { state: 'busy', since: agent.activity_since };
  if (agent.presence === 'ready') {
    return { state: 'ready', since: Math.max(agent.presence_since, agent.activity_since) };
  }
  return { state: agent.presence, since: agent.presence_since };
}
