/** What each action asks for before it is sent, and which reasons are usual. The server's table decides what is allowed. */

import type { OrderAction } from '../../../api/desk.ts';

export type Part =
  'unit' | 'assignee' | 'forced' | 'reason' | 'text' | 'parent' | 'hours' | 'level' | 'scores' | 'outcome';

interface ActionForm {
  parts: Part[];
  needed: Part[];
  reasons?: string[];
}

const form = (parts: Part[], needed: Part[] = [], reasons: string[] = []): ActionForm => ({ parts, needed, reasons });

/** Actions that are not here are done at once, without a question. */
export const ACTION_FORMS: Partial<Record<OrderAction, ActionForm>> = {
  resolve_on_call: form(['text'], ['text']),
  dispatch: form(['unit', 'assignee', 'forced', 'text'], ['unit']),
  reassign: form(['unit', 'reason', 'text'], ['unit', 'reason'], ['wrong_unit', 'wrong_area', 'workload']),
  assign: form(['assignee'], ['assignee']),
  assist: form(['unit', 'text'], ['unit']),
  withdraw: form(['reason', 'text'], ['reason'], ['wrong_unit', 'wrong_category', 'mistake']),
  return: form(
    ['reason', 'text'],
    ['reason'],
    ['wrong_area', 'wrong_unit', 'wrong_category', 'duplicate', 'incomplete', 'not_ours'],
  ),
  reply: form(['outcome', 'text'], ['text']),
  send_back: form(['reason', 'text'], ['reason'], ['incomplete', 'no_photo', 'not_solved']),
  confirm: form(['scores', 'text']),
  miss: form(['text']),
  redo: form(['reason', 'text'], ['reason'], ['not_solved', 'came_back', 'bad_service']),
  close: form(['text']),
  close_unsatisfied: form(['reason', 'text'], ['reason', 'text'], ['beyond_duty', 'refuses_solution']),
  close_unreached: form(['text']),
  reopen: form(['reason', 'text'], ['reason'], ['came_back', 'not_solved']),
  cancel: form(['reason', 'text'], ['reason'], ['duplicate', 'mistake', 'withdrawn', 'not_ours']),
  merge: form(['parent'], ['parent']),
  separate: form(['reason', 'text'], ['reason'], ['other_cause']),
  suspend: form(
    ['reason', 'text'],
    ['reason'],
    ['waiting_for_customer', 'waiting_for_parts', 'waiting_for_permit', 'weather'],
  ),
  ask_extension: form(
    ['hours', 'reason', 'text'],
    ['hours', 'reason'],
    ['waiting_for_parts', 'waiting_for_permit', 'weather', 'large_repair'],
  ),
  refuse_extension: form(['reason', 'text'], ['reason'], ['not_justified']),
  urge: form(['text']),
  supervise: form(['text'], ['text']),
  escalate: form(['level', 'text'], ['level']),
  comment: form(['text'], ['text']),
};

/** Along the order's main line, the most wanted first: this one stands out. */
const MAIN_LINE: OrderAction[] = [
  'submit',
  'dispatch',
  'request_dispatch',
  'sign',
  'reply',
  'begin',
  'arrive',
  'review',
  'approve',
  'confirm',
  'resume',
  'archive',
];
/** Shown beside the main one; the rest is behind "more". */
const OFTEN: OrderAction[] = [
  'grant_extension',
  'refuse_extension',
  'arrive',
  'begin',
  'return',
  'send_back',
  'redo',
  'miss',
  'urge',
  'comment',
  'suspend',
];

interface Arranged {
  main: OrderAction | null;
  often: OrderAction[];
  rest: OrderAction[];
}

/** `allowed`: as the server says; `extensionAsked`: there is an extension to decide. Pure. */
export function arranged(allowed: OrderAction[], extensionAsked: boolean, urges = true): Arranged {
  const possible = allowed.filter((action) => {
    if (action === 'grant_extension' || action === 'refuse_extension') return extensionAsked;
    if (action === 'ask_extension') return !extensionAsked;
    return action !== 'urge' || urges;
  });
  const main = MAIN_LINE.find((action) => possible.includes(action)) ?? null;
  const others = possible.filter((action) => action !== main);
  return {
    main,
    often: OFTEN.filter((action) => others.includes(action)),
    rest: others.filter((action) => !OFTEN.includes(action)),
  };
}
