/**
 * The phone in this page, from the start of a shift to its end: one per browser (a lock), the microphone first (without
 * it the browser hides its addresses and Asterisk takes the call for held), then SIP, whose code is loaded only then.
 */

import { api } from '../api/client.ts';
import { isRefused, isUp, setPhoneState, usePhone, type PhoneKind } from './phoneStore.ts';
import type { Account, PhoneEvents, SipPhone } from './sipPhone.ts';

const READY_WITHIN_MS = 15_000;
/** So many refusals of our secret in a row: was another one made, in another browser? */
const REFUSALS = 3;

interface Running {
  /** Counts starts: what a former start finds out later is of no interest. */
  turn: number;
  sip: SipPhone | null;
  microphone: MediaStream | null;
  freeLock: (() => void) | null;
}

let running: Running | null = null;
let turns = 0;

/** What the server knows of this agent's phone. */
export async function readPhone(): Promise<Account & { kind: PhoneKind }> {
  const phone = await api.phone();
  usePhone.setState({ kind: phone.kind, browserAllowed: phone.browser_allowed });
  return phone;
}

/** Desk or browser from now on; the browser's phone is started, or stopped. */
export async function choosePhone(kind: PhoneKind): Promise<void> {
  stopBrowserPhone();
  const chosen = await api.choosePhone(kind);
  usePhone.setState({ kind: chosen.kind, browserAllowed: chosen.browser_allowed });
  if (chosen.kind === 'browser') await startBrowserPhone(chosen);
}

/** True as soon as calls can be taken; false when something stands in the way (the state says what). */
export async function phoneIsReady(): Promise<boolean> {
  const { kind, state } = usePhone.getState();
  if (kind !== 'browser' || isUp(state)) return true;
  if (running === null || isRefused(state)) await startBrowserPhone(await readPhone());
  return new Promise((resolve) => {
    const settle = (result: boolean): void => {
      clearTimeout(patience);
      unsubscribe();
      resolve(result);
    };
    const look = (): void => {
      const now = usePhone.getState().state;
      if (isUp(now)) settle(true);
      else if (isRefused(now) || now === 'off') settle(false);
    };
    const patience = setTimeout(() => settle(false), READY_WITHIN_MS);
    const unsubscribe = usePhone.subscribe(look);
    look();
  });
}

export async function startBrowserPhone(account: Account): Promise<void> {
  stopBrowserPhone();
  const mine: Running = { turn: ++turns, sip: null, microphone: null, freeLock: null };
  running = mine;
  const stale = (): boolean => running !== mine;
  if (!window.isSecureContext) {
    refuse(mine, 'insecure');
    return;
  }
  setPhoneState('asking');
  mine.freeLock = await takeLock(`cti.phone.${account.extension}`);
  if (stale()) {
    release(mine);
    return;
  }
  if (mine.freeLock === null) {
    refuse(mine, 'elsewhere');
    return;
  }
  try {
    mine.microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    // Refused by the person or by policy, or there is none: the same for a phone.
    if (stale()) release(mine);
    else refuse(mine, 'no_microphone');
    return;
  }
  const { SipPhone } = await import('./sipPhone.ts');
  if (stale()) {
    release(mine);
    return;
  }
  setPhoneState('connecting');
  mine.sip = new SipPhone(account, mine.microphone, loudspeaker(), eventsFor(mine, account));
  mine.sip.start();
}

export function stopBrowserPhone(): void {
  if (running === null) return;
  const former = running;
  running = null;
  release(former);
  setPhoneState('off');
}

export const answerCall = (): void => running?.sip?.answer();

export const rejectCall = (): void => running?.sip?.reject();

function eventsFor(mine: Running, account: Account): PhoneEvents {
  let refusals = 0;
  const told = (act: () => void) => (): void => {
    if (running === mine) act();
  };
  const inCall = (): boolean => ['ringing', 'talking'].includes(usePhone.getState().state);
  return {
    registered: told(() => {
      refusals = 0;
      if (!inCall()) setPhoneState('ready');
    }),
    unregistered: (refused) => {
      if (running !== mine) return;
      if (!inCall()) setPhoneState('connecting');
      refusals = refused ? refusals + 1 : 0;
      if (refusals > 0 && refusals % REFUSALS === 0) void lookForAnotherSecret(mine, account);
    },
    ringing: told(() => setPhoneState('ringing')),
    talking: told(() => setPhoneState('talking')),
    ended: told(() => setPhoneState('ready')),
  };
}

/** The agent chose again, in another browser or for the desk: this page's phone is out. */
async function lookForAnotherSecret(mine: Running, account: Account): Promise<void> {
  const now = await readPhone().catch(() => null); // the feed shows that the server is away
  if (now === null || running !== mine || now.secret === account.secret) return;
  if (now.kind === 'desk') stopBrowserPhone();
  else refuse(mine, 'elsewhere');
}

function refuse(mine: Running, state: 'insecure' | 'elsewhere' | 'no_microphone'): void {
  release(mine);
  setPhoneState(state);
}

function release({ sip, microphone, freeLock }: Running): void {
  sip?.stop();
  microphone?.getTracks().forEach((track) => track.stop());
  freeLock?.();
}

/** Held until the returned function is called or the page is gone; null: another page has it. */
function takeLock(name: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>((free) => resolve(free));
    });
  });
}

function loudspeaker(): HTMLAudioElement {
  const found = document.querySelector<HTMLAudioElement>('#phone-audio');
  if (found !== null) return found;
  const made = document.createElement('audio');
  made.id = 'phone-audio';
  made.autoplay = true;
  document.body.append(made);
  return made;
}
