import { useState } from 'react';
import type { ScreenPop } from '../../api/types.ts';
import { draftKey, hasContent, useDrafts } from './drafts.ts';
import { type FormCall, nextFormCall } from './formTarget.ts';

interface FormChoice {
  call: FormCall | null;
  choose: (call: FormCall) => void;
}

const formHasFocus = (): boolean => document.activeElement?.closest('[data-summary-form]') != null;

export function useFormCall(userId: number, pop: ScreenPop | null): FormChoice {
  const popCall: FormCall | null = pop && { callId: pop.call_id, number: pop.caller_number };
  const [call, setCall] = useState<FormCall | null>(popCall);
  const [seenPop, setSeenPop] = useState(popCall?.callId);
  const draft = useDrafts(({ drafts }) => (call ? drafts[draftKey(userId, call.callId)] : undefined));
  const unsent = hasContent(draft);

  // Adjusted while rendering, so that no frame shows the form of one call beside the pop of another by mistake.
  if (popCall?.callId !== seenPop) {
    setSeenPop(popCall?.callId);
    setCall(nextFormCall(call, popCall, { inUse: unsent && formHasFocus(), unsent }));
  }
  return { call, choose: setCall };
}
