/** One flow file being worked on: its text, saved as a draft as it is typed, and what to do when somebody else saved too. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.ts';
import { asProblem, type Problem } from '../../api/problem.ts';
import type { FlowFileText } from '../../api/types.ts';

const SAVE_AFTER_MS = 700;

export function useFlowFile(file: string) {
  return useQuery({
    queryKey: ['flow-file', file],
    queryFn: () => api.flowFile(file),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
}

export type SaveState = 'saved' | 'typing' | 'saving' | 'failed' | 'conflict';

export interface Draft {
  text: string;
  published: string;
  state: SaveState;
  problem: Problem | null;
  /** Whether there is a draft that differs from what is published. */
  differs: boolean;
  write: (text: string) => void;
  /** After a conflict: mine replaces theirs. */
  insist: () => void;
}

/** Keyed by file and loaded revision: it begins anew when the file is loaded again. */
export function useDraft(loaded: FlowFileText, editable: boolean): Draft {
  const published = loaded.text ?? '';
  const [text, setText] = useState(loaded.draft?.text ?? published);
  const [state, setState] = useState<SaveState>('saved');
  const [problem, setProblem] = useState<Problem | null>(null);
  const queries = useQueryClient();
  const revision = useRef(loaded.draft?.revision ?? 0);
  const base = useRef(loaded.draft?.base ?? loaded.hash);
  const latest = useRef(text);
  const waiting = useRef<number | null>(null);
  const busy = useRef(false);

  const save = useCallback(async (): Promise<void> => {
    waiting.current = null;
    if (busy.current) return; // whoever is at it looks again when done
    busy.current = true;
    try {
      for (let sent: string | null = null; sent !== latest.current;) {
        sent = latest.current;
        setState('saving');
        const row = await api.saveFlowDraft(loaded.file, {
          text: sent,
          base: base.current,
          revision: revision.current,
        });
        revision.current = row.revision;
      }
      setState('saved');
      setProblem(null);
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      setState(refused.errorId === 'draft_conflict' || refused.errorId === 'draft_gone' ? 'conflict' : 'failed');
    } finally {
      busy.current = false;
      void queries.invalidateQueries({ queryKey: ['flows'] });
    }
  }, [loaded.file, queries]);

  useEffect(
    () => () => {
      if (waiting.current === null) return;
      clearTimeout(waiting.current);
      void save(); // what was typed in the last moment before leaving the page
    },
    [save],
  );

  const write = (next: string): void => {
    if (!editable || next === latest.current) return;
    latest.current = next;
    setText(next);
    setState('typing');
    if (waiting.current !== null) clearTimeout(waiting.current);
    waiting.current = window.setTimeout(() => void save(), SAVE_AFTER_MS);
  };

  const insist = (): void => {
    revision.current = typeof problem?.params.revision === 'number' ? problem.params.revision : 0;
    if (revision.current === 0) base.current = loaded.hash;
    void save();
  };

  return { text, published, state, problem, differs: text !== published, write, insist };
}

/** `value` once it has not changed for a while. */
export function useSettled<Value>(value: Value, afterMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
