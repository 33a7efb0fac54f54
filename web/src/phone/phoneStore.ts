/** What the pages know of the agent's own phone. */

import { create } from 'zustand';

export type PhoneKind = 'desk' | 'browser';

/**
 * off: not started · asking: the browser asks for the microphone · connecting: not registered (again) · ready ·
 * ringing and talking: a call · no_microphone, insecure, elsewhere: why there is no phone in this page.
 */
export type BrowserPhoneState =
  'off' | 'asking' | 'connecting' | 'ready' | 'ringing' | 'talking' | 'no_microphone' | 'insecure' | 'elsewhere';

interface PhoneStore {
  kind: PhoneKind | null;
  browserAllowed: boolean;
  state: BrowserPhoneState;
}

export const usePhone = create<PhoneStore>(() => ({ kind: null, browserAllowed: false, state: 'off' }));

export const setPhoneState = (state: BrowserPhoneState): void => usePhone.setState({ state });

/** Able to take calls. */
export const isUp = (state: BrowserPhoneState): boolean =>
  state === 'ready' || state === 'ringing' || state === 'talking';

/** It will not get better by waiting: a person must do something. */
export const isRefused = (state: BrowserPhoneState): state is 'no_microphone' | 'insecure' | 'elsewhere' =>
  state === 'no_microphone' || state === 'insecure' || state === 'elsewhere';
