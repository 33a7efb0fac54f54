/** Where in an object a refused value stands. Pure. */

import type { Problem } from '../../api/problem.ts';

interface FieldError {
  loc: (string | number)[];
  msg: string;
}

/** By path in the object ("options.weight", "steps.0.after_s"): what the server says about the value there. */
export function fieldErrors(problem: Problem | null): Record<string, string> {
  const errors = problem?.params.errors;
  if (!Array.isArray(errors)) return {};
  return Object.fromEntries((errors as FieldError[]).map(({ loc, msg }) => [loc.slice(1).join('.'), msg]));
}
