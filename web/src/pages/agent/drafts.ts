/** Summaries in the making, one per call, kept in this browser until they are submitted and for some days after. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';

const KEPT_S = 3 * 24 * 3600;

export interface Draft {
  /** For the person's eye only: which call this was. */
  number: string;
  code: string;
  note: string;
  /** Seconds since 1970. */
  changedAt: number;
  sent: boolean;
}

type Drafts = Record<string, Draft>;

/** Several people may use this browser one after the other: each sees only their own. */
export const draftKey = (userId: number, callId: string): string => `${userId}:${callId}`;

export const hasContent = (draft: Draft | undefined): boolean =>
  draft !== undefined && !draft.sent && (draft.code !== '' || draft.note.trim() !== '');

/** Pure: drafts without those that have lain too long. */
export function pruned(drafts: Drafts, now: number): Drafts {
  return Object.fromEntries(Object.entries(drafts).filter(([, draft]) => now - draft.changedAt < KEPT_S));
}

export const useDrafts = create<{ drafts: Drafts }>()(
  persist<{ drafts: Drafts }>(() => ({ drafts: {} }), { name: 'cti.drafts' }),
);

export function changeDraft(key: string, number: string, change: Partial<Pick<Draft, 'code' | 'note' | 'sent'>>): void {
  const now = Date.now() / 1000;
  useDrafts.setState(({ drafts }) => {
    const before = drafts[key] ?? { number, code: '', note: '', changedAt: now, sent: false };
    return { drafts: { ...pruned(drafts, now), [key]: { ...before, sent: false, ...change, changedAt: now } } };
  });
}
