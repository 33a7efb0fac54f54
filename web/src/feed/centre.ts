/** What the page knows of the running centre, and how one message changes it. Pure: whole objects in, new state out. */

import type {
  AgentView,
  AlertView,
  BoardView,
  BroadcastView,
  FeedMessage,
  HelpView,
  LiveCallView,
  QueueView,
  ScreenPop,
  TotalsView,
  WatchView,
} from '../api/types.ts';

export interface CentreState {
  /** False until the first snapshot: pages show their loading state. */
  loaded: boolean;
  agents: Record<number, AgentView>;
  agentIds: number[];
  queues: Record<string, QueueView>;
  queueIds: string[];
  calls: Record<string, LiveCallView>;
  callIds: string[];
  totals: TotalsView | null;
  pop: ScreenPop | null;
  /** Supervisors who listen, by the id of the watch. */
  watches: Record<string, WatchView>;
  /** Agents who ask for help, by agent. */
  helps: Record<number, HelpView>;
  /** Lines to everybody, oldest first. */
  broadcasts: BroadcastView[];
  /** Wallboards, by id: their figures now. */
  boards: Record<string, BoardView>;
  /** Alerts of wallboards that are not over, by id. */
  alerts: Record<string, AlertView>;
  /** Counts "boards" messages: how boards are set up is to be fetched again. */
  boardsVersion: number;
  /** Counts "directory" messages: names and reason codes are to be fetched again. */
  directoryVersion: number;
  /** Counts "desk" messages by topic: what is shown of it is to be fetched again. */
  deskVersions: Record<string, number>;
}

/** As many as the server keeps for who comes later. */
const MOST_BROADCASTS = 20;

export const EMPTY_CENTRE: CentreState = {
  loaded: false,
  agents: {},
  agentIds: [],
  queues: {},
  queueIds: [],
  calls: {},
  callIds: [],
  totals: null,
  pop: null,
  watches: {},
  helps: {},
  broadcasts: [],
  boards: {},
  alerts: {},
  boardsVersion: 0,
  directoryVersion: 0,
  deskVersions: {},
};

export function applyMessage(state: CentreState, message: FeedMessage): CentreState {
  switch (message.type) {
    case 'snapshot': {
      const { agents, queues, calls, totals, pop } = message.data;
      return {
        loaded: true,
        agents: Object.fromEntries(agents.map((agent) => [agent.id, agent])),
        agentIds: agents.map((agent) => agent.id),
        queues: Object.fromEntries(queues.map((queue) => [queue.id, queue])),
        queueIds: queues.map((queue) => queue.id),
        calls: Object.fromEntries(calls.map((call) => [call.id, call])),
        callIds: calls.map((call) => call.id),
        totals,
        pop,
        watches: Object.fromEntries((message.data.watches ?? []).map((watch) => [watch.id, watch])),
        helps: Object.fromEntries((message.data.helps ?? []).map((help) => [help.agent_id, help])),
        broadcasts: message.data.broadcasts ?? [],
        boards: Object.fromEntries((message.data.boards ?? []).map((board) => [board.id, board])),
        alerts: Object.fromEntries((message.data.alerts ?? []).map((alert) => [alert.id, alert])),
        boardsVersion: state.loaded ? state.boardsVersion + 1 : state.boardsVersion,
        // A snapshot follows a gap, in which a "directory" message may have been lost.
        directoryVersion: state.directoryVersion + 1,
        deskVersions: { ...state.deskVersions, '*': (state.deskVersions['*'] ?? 0) + 1 },
      };
    }
    case 'agent': {
      const agent = message.data;
      return {
        ...state,
        agents: { ...state.agents, [agent.id]: agent },
        agentIds: withId(state.agentIds, agent.id),
      };
    }
    case 'queue': {
      const queue = message.data;
      return {
        ...state,
        queues: { ...state.queues, [queue.id]: queue },
        queueIds: withId(state.queueIds, queue.id),
      };
    }
    case 'call': {
      const call = message.data;
      return { ...state, calls: { ...state.calls, [call.id]: call }, callIds: withId(state.callIds, call.id) };
    }
    case 'call_removed': {
      const { id } = message.data;
      const others = Object.entries(state.calls).filter(([other]) => other !== id);
      return { ...state, calls: Object.fromEntries(others), callIds: state.callIds.filter((other) => other !== id) };
    }
    case 'totals':
      return { ...state, totals: message.data };
    case 'pop':
      return { ...state, pop: message.data };
    case 'pop_closed':
      // A late "closed" of the previous call must not take away the pop of the next.
      return state.pop?.call_id === message.data.call_id ? { ...state, pop: null } : state;
    case 'watch': {
      const watch = message.data;
      const { [watch.id]: former, ...others } = state.watches;
      if (watch.state === 'ended') return former === undefined ? state : { ...state, watches: others };
      return { ...state, watches: { ...others, [watch.id]: watch } };
    }
    case 'help': {
      const help = message.data;
      const { [help.agent_id]: former, ...others } = state.helps;
      if (help.state === 'over') return former === undefined ? state : { ...state, helps: others };
      return { ...state, helps: { ...others, [help.agent_id]: help } };
    }
    case 'broadcast':
      return { ...state, broadcasts: [...state.broadcasts, message.data].slice(-MOST_BROADCASTS) };
    case 'board':
      return { ...state, boards: { ...state.boards, [message.data.id]: message.data } };
    case 'alert': {
      const alert = message.data;
      const { [alert.id]: former, ...others } = state.alerts;
      if (typeof alert.cleared_at === 'number') return former === undefined ? state : { ...state, alerts: others };
      return { ...state, alerts: { ...others, [alert.id]: alert } };
    }
    case 'boards':
      return { ...state, boardsVersion: state.boardsVersion + 1 };
    case 'directory':
      return { ...state, directoryVersion: state.directoryVersion + 1 };
    case 'callers': // messages, faxes, callbacks: read again like what lies on the desk
    case 'desk': {
      const { topic } = message.data;
      return { ...state, deskVersions: { ...state.deskVersions, [topic]: (state.deskVersions[topic] ?? 0) + 1 } };
    }
    case 'ping':
      return state;
    default: // of a newer server, or for another page: nothing of it is kept here
      return state;
  }
}

/** The same array when the id is known, so that lists re-render only when their members change. */
function withId<Id>(ids: Id[], id: Id): Id[] {
  return ids.includes(id) ? ids : [...ids, id];
}
