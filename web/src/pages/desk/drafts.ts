/** What is being written at the desk, kept in this browser until it is sent, and for some days. One per person and place. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { useSession } from '../../api/session.ts';

const KEPT_S = 3 * 24 * 3600;

interface Kept {
  value: Record<string, unknown>;
  /** Seconds since 1970. */
  at: number;
}

type Drafts = Record<string, Kept>;

/** Pure: drafts without those that have lain too long. */
export function pruned(drafts: Drafts, now: number): Drafts {
  return Object.fromEntries(Object.entries(drafts).filter(([, { at }]) => now - at < KEPT_S));
}

export const useDeskDrafts = create<{ drafts: Drafts }>()(
  persist<{ drafts: Drafts }>(() => ({ drafts: {} }), { name: 'cti.desk.drafts' }),
);

interface Draft<Value> {
  value: Value;
  change: (part: Partial<Value>) => void;
  discard: () => void;
  /** Something was written that is not sent yet. */
  kept: boolean;
}

/** `fallback` fills what the draft does not say. */
export function useDraft<Value extends object>(place: string, fallback: Value): Draft<Value> {
  const key = `${useSession().user.id}:${place}`;
  const kept = useDeskDrafts(({ drafts }) => drafts[key]);
  return {
    value: { ...fallback, ...(kept?.value as Partial<Value> | undefined) },
    change: (part) => {
      const now = Date.now() / 1000;
      useDeskDrafts.setState(({ drafts }) => ({
        drafts: { ...pruned(drafts, now), [key]: { value: { ...drafts[key]?.value, ...part }, at: now } },
      }));
    },
    discard: () =>
      useDeskDrafts.setState(({ drafts }) => ({
        drafts: Object.fromEntries(Object.entries(drafts).filter(([other]) => other !== key)),
      })),
    kept: kept !== undefined,
  };
}
