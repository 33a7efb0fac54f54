/** Boards that take turns, each for as long as it says. Pure but for the timer. */

import { useEffect, useState } from 'react';
import type { Board } from '../../api/boards.ts';

/** The one after `present`, from the beginning again after the last. */
export function nextOf(ids: readonly string[], present: string | undefined): string | undefined {
  if (ids.length === 0) return undefined;
  return ids[(ids.indexOf(present ?? '') + 1) % ids.length];
}

/** The id of the board whose turn it is; the first while nothing rotates. */
export function useRotation(boards: readonly Board[], on: boolean): string | undefined {
  const [shown, show] = useState<string>();
  const present = boards.find(({ id }) => id === shown) ?? boards[0];
  const ids = boards.map(({ id }) => id).join(' ');
  const seconds = present?.rotate_s ?? 20;
  const id = present?.id;
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => show(nextOf(ids.split(' '), id)), seconds * 1000);
    return () => clearTimeout(timer);
  }, [on, ids, id, seconds]);
  return id;
}
