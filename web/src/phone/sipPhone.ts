/**
 * SIP and sound: registers over the page's own /sip and carries one call at a time. Everything else that is done with a
 * call (hold, mute, transfers) is done by the server, so that a phone in the browser and one on the desk are equals.
 */

import JsSIP from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { IncomingRequest } from 'jssip/lib/SIPMessage';

const REGISTER_AGAIN_MS = 2_000;
const REGISTERED_FOR_S = 120;
const LONGEST_PAUSE_S = 8;
/** No STUN or TURN: Asterisk is in the same network, and the browser must not ask strangers for its address. */
const DIRECT = { iceServers: [] };

export interface Account {
  extension: string;
  secret: string;
}

export interface PhoneEvents {
  registered: () => void;
  /** Registration lost or refused; it is tried again. `refused`: the registrar does not take the secret. */
  unregistered: (refused: boolean) => void;
  ringing: () => void;
  talking: () => void;
  ended: () => void;
}

/** Asked for by ctiserver, and by nobody else: a stranger's header must not open the microphone. Pure. */
export function answersByItself(header: (name: string) => string | undefined): boolean {
  return header('X-CTI-Call-Id') !== undefined && /answer-after=0/.test(header('Call-Info') ?? '');
}

export class SipPhone {
  private readonly ua: JsSIP.UA;
  private session: RTCSession | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(
    account: Account,
    private readonly microphone: MediaStream,
    private readonly loudspeaker: HTMLAudioElement,
    private readonly events: PhoneEvents,
  ) {
    const socket = new JsSIP.WebSocketInterface(`${location.origin.replace(/^http/, 'ws')}/sip`);
    this.ua = new JsSIP.UA({
      sockets: [socket],
      uri: `sip:${account.extension}@${location.hostname}`,
      authorization_user: account.extension,
      password: account.secret,
      register_expires: REGISTERED_FOR_S,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: LONGEST_PAUSE_S,
      user_agent: 'ctiserver page',
    });
    this.ua.on('registered', () => events.registered());
    this.ua.on('unregistered', () => events.unregistered(false));
    this.ua.on('disconnected', () => events.unregistered(false));
    this.ua.on('registrationFailed', ({ response }) => {
      const status = (response as { status_code?: number } | null | undefined)?.status_code ?? 0;
      events.unregistered(status === 401 || status === 403);
      this.registerLater();
    });
    this.ua.on('newRTCSession', ({ originator, session, request }: { originator: string } & Incoming) => {
      if (originator === 'remote') this.rung(session, request);
    });
  }

  start(): void {
    this.ua.start();
  }

  /** Ends a call and the registration. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.again);
    this.ua.stop();
    this.loudspeaker.srcObject = null;
  }

  answer(): void {
    if (this.session?.isInProgress()) this.session.answer({ mediaStream: this.microphone, pcConfig: DIRECT });
  }

  /** Not now: the caller goes to the next agent. */
  reject(): void {
    if (this.session?.isInProgress()) this.session.terminate({ status_code: 603, reason_phrase: 'Decline' });
  }

  private registerLater(): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      if (!this.stopped && this.ua.isConnected() && !this.ua.isRegistered()) this.ua.register();
    }, REGISTER_AGAIN_MS);
  }

  private rung(session: RTCSession, request: IncomingRequest): void {
    if (this.session !== null) {
      session.terminate({ status_code: 486, reason_phrase: 'Busy Here' });
      return;
    }
    this.session = session;
    const over = (): void => {
      if (this.session !== session) return;
      this.session = null;
      this.loudspeaker.srcObject = null;
      this.events.ended();
    };
    session.on('ended', over);
    session.on('failed', over);
    session.on('confirmed', () => this.events.talking());
    session.on('peerconnection', ({ peerconnection }: { peerconnection: RTCPeerConnection }) =>
      this.hear(peerconnection),
    );
    this.events.ringing();
    if (answersByItself((name) => request.getHeader(name))) this.answer();
  }

  private hear(connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ streams: [stream] }) => {
      if (stream === undefined) return;
      this.loudspeaker.srcObject = stream;
      // The page holds the microphone, so the browser lets it play; if not, the element's own autoplay tries again.
      this.loudspeaker.play().catch(() => undefined);
    });
  }
}

interface Incoming {
  session: RTCSession;
  request: IncomingRequest;
}
