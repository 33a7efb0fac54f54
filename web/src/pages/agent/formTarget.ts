/** Which call the summary form belongs to. Pure: a new pop never takes a form away from under somebody's hands. */

export interface FormCall {
  callId: string;
  number: string;
}

/**
 * `inUse`: the form's draft has content that was not submitted, and the focus is in it.
 * `unsent`: its draft has content that was not submitted.
 */
export function nextFormCall(
  current: FormCall | null,
  pop: FormCall | null,
  { inUse, unsent }: { inUse: boolean; unsent: boolean },
): FormCall | null {
  if (pop === null) return unsent ? current : null;
  if (current === null || current.callId === pop.callId) return pop;
  return inUse ? current : pop;
}
