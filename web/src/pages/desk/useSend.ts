/** Sends one change: nothing is sent twice by a double click, and a refusal stays on the page until the next attempt. */

import { useRef, useState } from 'react';
import { useDeskProblem } from './useDeskProblem.ts';

interface Sending {
  busy: boolean;
  /** What was refused, for people; empty: nothing. */
  problem: string;
  /** Whether it was done. */
  send: (work: () => Promise<unknown>) => Promise<boolean>;
  forget: () => void;
}

export function useSend(onRefused?: (error: unknown) => void): Sending {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const under = useRef(false);
  const text = useDeskProblem();
  const send = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (under.current) return false;
    under.current = true;
    setBusy(true);
    setProblem('');
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(text(error));
      onRefused?.(error);
      return false;
    } finally {
      under.current = false;
      setBusy(false);
    }
  };
  return { busy, problem, send, forget: () => setProblem('') };
}
