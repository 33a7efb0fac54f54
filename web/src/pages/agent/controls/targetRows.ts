/** Which targets a search finds, in the order in which they are shown: who is free comes first. Pure. */

import type { Colleague, Person, Target, Targets } from '../../../api/types.ts';
import { agentState, type AgentState } from '../../../feed/agentState.ts';
import { dialable } from './ownCall.ts';

export type PanelMode = 'transfer' | 'consult' | 'invite' | 'survey';

export interface TargetRow {
  key: string;
  kind: Target['kind'];
  to: Target;
  name: string;
  detail: string;
  /** Of an agent. */
  state?: AgentState;
  since?: number;
  /** Of a queue. */
  waiting?: number;
  ready?: number;
  enabled: boolean;
}

/** Whom each way may reach. */
const KINDS: Record<PanelMode, readonly Target['kind'][]> = {
  transfer: ['agent', 'queue', 'flow', 'number'],
  consult: ['agent', 'queue', 'number'],
  invite: ['agent', 'number'],
  survey: ['flow'],
};

export const kindsOf = (mode: PanelMode): readonly Target['kind'][] => KINDS[mode];

interface Names {
  queue: (id: string, name: Record<string, string>) => string;
  flow: (id: string, title: Record<string, string>) => string;
  team: (id: string) => string;
  outside: (number: string) => string;
}

export function targetRows(
  targets: Targets,
  mode: PanelMode,
  search: string,
  shown: string,
  names: Names,
): TargetRow[] {
  const wanted = search.trim().toLowerCase();
  const matches = (...texts: string[]): boolean => texts.some((text) => text.toLowerCase().includes(wanted));
  const rows: TargetRow[] = [];
  const kinds = KINDS[mode];

  if (kinds.includes('agent')) {
    for (const agent of [...targets.agents].sort(byFreedom)) {
      const team = agent.team === null ? '' : names.team(agent.team);
      if (agent.presence === 'signed_out' && wanted === '') continue;
      if (!matches(agent.name, agent.number, team)) continue;
      const { state, since } = agentState(agent as Parameters<typeof agentState>[0]);
      rows.push({
        key: `agent:${agent.id}`,
        kind: 'agent',
        to: { kind: 'agent', agent_id: agent.id },
        name: agent.name,
        detail: [agent.number, team].filter(Boolean).join(' · '),
        state,
        since,
        enabled: agent.free,
      });
    }
  }
  if (kinds.includes('queue')) {
    for (const queue of targets.queues) {
      const name = names.queue(queue.id, queue.name);
      if (!matches(name, queue.id)) continue;
      const to: Target = { kind: 'queue', queue_id: queue.id, priority_s: null };
      const { waiting, agents_ready: ready } = queue;
      rows.push({ key: `queue:${queue.id}`, kind: 'queue', to, name, detail: queue.id, waiting, ready, enabled: true });
    }
  }
  if (kinds.includes('flow')) {
    for (const flow of targets.flows) {
      if (mode === 'survey' && !flow.survey) continue;
      const name = names.flow(flow.id, flow.title);
      if (!matches(name, flow.id)) continue;
      const to: Target = { kind: 'flow', flow: flow.id, come_back: false };
      rows.push({ key: `flow:${flow.id}`, kind: 'flow', to, name, detail: flow.id, enabled: true });
    }
  }
  const number = dialable(search);
  if (kinds.includes('number') && number !== '' && targets.outside) {
    const to: Person = { kind: 'number', number, shown };
    rows.unshift({ key: 'number', kind: 'number', to, name: names.outside(number), detail: '', enabled: true });
  }
  return rows;
}

/** Free ones first, then by number. */
function byFreedom(a: Colleague, b: Colleague): number {
  return Number(b.free) - Number(a.free) || a.number.localeCompare(b.number);
}
