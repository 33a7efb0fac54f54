/** What an agent may do with the call at hand, from the call as the server tells it. Pure. */

import type { AgentView, LiveCallView, PartyView } from '../../../api/types.ts';

export type Part = 'in_charge' | 'member' | 'none';

/** In charge of the call, one of its parties (asked, invited), or not on it. */
export function partIn(call: LiveCallView | undefined, agent: AgentView): Part {
  if (call === undefined) return 'none';
  if (call.agent_id === agent.id) return 'in_charge';
  return call.parties.some((party) => party.agent_id === agent.id) ? 'member' : 'none';
}

/** The one who is asked while the caller waits; queued and ringing ones too. */
export const consulted = (call: LiveCallView): PartyView | undefined =>
  call.parties.find((party) => party.role === 'consulted');

/** Those in the conversation beside the caller and the agent in charge, and those being rung for it. */
export const members = (call: LiveCallView): PartyView[] =>
  call.parties.filter((party) => party.role === 'conference' || party.role === 'outside');

/** A number may be dialled once it has two digits; anything else than digits and + was only punctuation. */
export function dialable(text: string): string {
  const plain = text.replace(/[\s()./-]/g, '');
  return /^\+?\d{2,20}$/.test(plain) ? plain : '';
}

/** What may be done now. One who was asked or invited may be muted and may leave, and no more. */
export function abilities(call: LiveCallView | undefined, agent: AgentView) {
  const part = partIn(call, agent);
  const talking = call !== undefined && call.phase === 'talking' && part === 'in_charge';
  const consulting = talking && (call.consult !== null || consulted(call) !== undefined);
  return {
    part,
    talking,
    consulting,
    hold: talking && !consulting && call.caller_present,
    mute: talking || (part === 'member' && call?.phase === 'talking'),
    recording: talking && call.recording !== 'off',
    digits: talking,
    piece: talking && !consulting,
    transfer: talking && !consulting && call.caller_present,
    consult: talking && !consulting && call.caller_present,
    invite: talking && !consulting,
    survey: talking && !consulting && call.caller_present && call.direction !== 'internal',
  };
}
