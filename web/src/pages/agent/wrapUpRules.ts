/** What an agent may do with a wrap-up, by the mode of the queue that the call came from. */

import type { AgentView } from '../../api/types.ts';

type WrapUp = Pick<AgentView, 'activity' | 'wrap_up_mode' | 'wrap_up_until'>;

export interface WrapUpRules {
  /** The button may end it; otherwise time does, or the category by itself. */
  mayFinish: boolean;
  /** It goes on until a category has been submitted. */
  needsDisposition: boolean;
  mayExtend: boolean;
  hint: 'fixedHint' | 'untilDispositionHint' | 'limitedHint' | null;
}

const NONE: WrapUpRules = { mayFinish: false, needsDisposition: false, mayExtend: false, hint: null };

/** `disposed`: the call's category has been submitted. */
export function wrapUpRules(agent: WrapUp, disposed: boolean): WrapUpRules {
  if (agent.activity !== 'wrap_up') return NONE;
  const timed = agent.wrap_up_until !== null;
  switch (agent.wrap_up_mode) {
    case 'fixed':
      return { mayFinish: false, needsDisposition: false, mayExtend: timed, hint: 'fixedHint' };
    case 'until_disposition':
      return { mayFinish: disposed, needsDisposition: !disposed, mayExtend: false, hint: 'untilDispositionHint' };
    case 'limited':
      return { mayFinish: disposed, needsDisposition: !disposed, mayExtend: timed, hint: 'limitedHint' };
    default:
      return { mayFinish: true, needsDisposition: false, mayExtend: timed, hint: null };
  }
}
