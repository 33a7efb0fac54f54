/** One object being edited: its draft, what the server says about it, and who was faster. */

import { useState } from 'react';
import { useConfigChanged } from '../../api/config.ts';
import { asProblem, type Problem } from '../../api/problem.ts';
import { fieldErrors } from './fieldErrors.ts';

export interface Editor<T> {
  draft: T;
  change: (patch: Partial<T>) => void;
  replace: (draft: T) => void;
  /** The message at this path or below it. */
  errorAt: (path: string) => string | undefined;
  problem: Problem | null;
  saving: boolean;
  dirty: boolean;
  run: (work: (draft: T) => Promise<unknown>) => Promise<boolean>;
}

export function useEditor<T>(initial: T): Editor<T> {
  const [draft, setDraft] = useState(initial);
  const [dirty, setDirty] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saving, setSaving] = useState(false);
  const changed = useConfigChanged();
  const errors = fieldErrors(problem);

  return {
    draft,
    change: (patch) => {
      setDraft((now) => ({ ...now, ...patch }));
      setDirty(true);
    },
    replace: (fresh) => {
      setDraft(fresh);
      setDirty(false);
      setProblem(null);
    },
    errorAt: (path) => errors[path] ?? Object.entries(errors).find(([known]) => known.startsWith(`${path}.`))?.[1],
    problem,
    saving,
    dirty,
    run: async (work) => {
      setSaving(true);
      setProblem(null);
      try {
        await work(draft);
        setDirty(false);
        await changed();
        return true;
      } catch (error) {
        setProblem(asProblem(error));
        return false;
      } finally {
        setSaving(false);
      }
    },
  };
}
