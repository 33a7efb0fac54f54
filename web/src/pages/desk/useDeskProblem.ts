/** What was refused, in one sentence that says what to do: who was quicker, which rule forbids it, which field is wrong. */

import { useTranslation } from 'react-i18next';
import { asProblem, type Problem } from '../../api/problem.ts';
import { dateTime } from '../../time/format.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import { type DeskGroup, useDeskWord } from './words.ts';

interface FieldError {
  loc: unknown[];
  msg: string;
}

/** Of a refused body: the fields and what is wrong with each. Pure. */
export function fieldErrors(problem: Problem): { field: string; problem: string }[] {
  const errors = problem.params.errors;
  if (!Array.isArray(errors)) return [];
  return (errors as FieldError[]).map(({ loc, msg }) => {
    const path = loc.filter((part) => part !== 'body' && part !== 'query').map(String);
    return { field: path.join('.'), problem: msg };
  });
}

export function useDeskProblem(): (error: unknown) => string {
  const { t } = useTranslation();
  const word = useDeskWord();
  const general = useProblemText();

  const field = (path: string): string => {
    const [first = '', second] = path.split('.');
    return second !== undefined && first === 'fields' ? second : word('field', first);
  };
  const why = ({ why: reason, ...params }: Record<string, unknown>): string => {
    const named: Record<string, unknown> = { ...params };
    if (typeof params.state === 'string') named.state = word('state', params.state);
    if (typeof params.action === 'string') named.action = word('action', params.action);
    if (Array.isArray(params.fields)) named.field = params.fields.map((name) => word('field', String(name))).join('、');
    return word('why', String(reason), named);
  };

  return (error) => {
    const problem = asProblem(error);
    const { params } = problem;
    switch (problem.errorId) {
      case 'stale_version': {
        const { actor, at, action } = params as { actor?: string; at?: number; action?: string };
        if (!actor || !at) return t('desk.problem.staleUnknown');
        return t('desk.problem.stale', { actor, at: dateTime(at), action: word('action', action ?? 'changed') });
      }
      case 'transition_refused':
        return t('desk.problem.refused', { why: why(params) });
      case 'taken':
        return t('desk.problem.taken', { field: field(String(params.field)) });
      case 'masked_number':
        return t('desk.problem.masked');
      case 'body_too_large':
        return t('desk.problem.too_large');
      case 'number_not_allowed':
      case 'agent_not_free':
        return word('problem' satisfies DeskGroup, problem.errorId);
      case 'invalid': {
        const errors = fieldErrors(problem);
        if (errors.length === 0) return general(error);
        if (errors.some(({ field: name, problem: what }) => name === 'file' && what === 'wrong_kind')) {
          return t('desk.problem.wrong_kind');
        }
        const fields = errors.map(({ field: name, problem: what }) => `${field(name)} ${word('importProblem', what)}`);
        return t('desk.problem.fields', { fields: fields.join('；') });
      }
      default:
        return general(error);
    }
  };
}
