/**
 * Where a page stands in the numbered feed, and what to do with the next message. Pure.
 *
 *   seq ≤ last      already seen (a replay overlaps)      → drop
 *   seq = last + 1  the next one                          → apply
 *   seq > last + 1  something was lost                    → resync: connect again after `last`
 *   snapshot        the whole truth, at any number        → apply and count on from it
 *   other epoch     the server started anew               → resync from nothing
 */

export interface Position {
  epoch: string;
  seq: number;
}

export const NOWHERE: Position = { epoch: '', seq: 0 };

export type Verdict = 'apply' | 'drop' | 'resync';

export interface Judged {
  verdict: Verdict;
  position: Position;
}

interface Numbered {
  epoch: string;
  seq: number;
  type: string;
}

export function judge(position: Position, message: Numbered): Judged {
  const next = { epoch: message.epoch, seq: message.seq };
  if (message.type === 'snapshot') return { verdict: 'apply', position: next };
  if (message.epoch !== position.epoch) return { verdict: 'resync', position: NOWHERE };
  if (message.seq <= position.seq) return { verdict: 'drop', position };
  if (message.seq === position.seq + 1) return { verdict: 'apply', position: next };
  return { verdict: 'resync', position };
}

/** Address of the feed that continues after `position`; without a position the server sends a snapshot. */
export function feedUrl(base: string, position: Position, path = '/ws/events'): string {
  if (position.epoch === '') return `${base}${path}`;
  const query = new URLSearchParams({ epoch: position.epoch, after: position.seq.toString() });
  return `${base}${path}?${query}`;
}
