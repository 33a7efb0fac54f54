/** Keeps one websocket to the feed open: numbers checked, gaps replayed, silence noticed, returns spread out in time. */

import type { FeedMessage } from '../api/types.ts';
import { backoffMs } from './backoff.ts';
import { feedUrl, judge, NOWHERE, type Position } from './sequence.ts';
import type { ConnectionState } from './store.ts';

/** The server pings every 15 s: after two missed pings and some grace the socket counts as dead. */
export const WATCHDOG_MS = 35_000;
/** An open socket that has been silent this long is shown as stale before it is given up. */
export const STALE_AFTER_MS = 20_000;
/** A socket must live this long before the next failure starts again at the shortest delay. */
const STEADY_AFTER_MS = 5_000;
/** Close code of the server for a session that has ended (RFC 6455 leaves 4000–4999 to applications). */
const SESSION_ENDED = 4401;

export interface FeedPorts {
  openSocket: (url: string) => WebSocket;
  baseUrl: string;
  /** Of the feed; left out: that of signed-in pages. */
  path?: string;
  now: () => number;
  random: () => number;
  onMessage: (message: FeedMessage) => void;
  /** A sign of life: any message, also a ping or a repeat. */
  onHeard: () => void;
  onConnection: (state: ConnectionState) => void;
  /** The connection was lost or refused: is the session still valid? */
  onLost: () => void;
}

export class FeedConnection {
  private readonly ports: FeedPorts;
  private position: Position = NOWHERE;
  private socket: WebSocket | null = null;
  private attempt = 0;
  private openedAt = 0;
  private heardAt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private watchdogTimer: ReturnType<typeof setInterval> | undefined;

  constructor(ports: FeedPorts) {
    this.ports = ports;
  }

  start(): void {
    this.connect();
    this.watchdogTimer = setInterval(() => this.checkSilence(), 1_000);
    window.addEventListener('online', this.reconnectNow);
  }

  stop(): void {
    clearTimeout(this.retryTimer);
    clearInterval(this.watchdogTimer);
    window.removeEventListener('online', this.reconnectNow);
    this.dropSocket();
  }

  private connect(): void {
    clearTimeout(this.retryTimer);
    this.dropSocket();
    const socket = this.ports.openSocket(feedUrl(this.ports.baseUrl, this.position, this.ports.path));
    this.socket = socket;
    this.heardAt = this.ports.now();
    socket.onopen = () => {
      this.openedAt = this.ports.now();
    };
    socket.onmessage = (event: MessageEvent<string>) => this.read(event.data);
    socket.onclose = (event) => this.lost(event.code);
  }

  private read(text: string): void {
    this.heardAt = this.ports.now();
    this.ports.onHeard();
    const message = JSON.parse(text) as FeedMessage;
    const { verdict, position } = judge(this.position, message);
    this.position = position;
    if (verdict === 'resync') {
      this.connect();
      return;
    }
    this.ports.onConnection('live');
    if (verdict === 'apply') this.ports.onMessage(message);
  }

  private lost(code: number): void {
    this.socket = null;
    const wasSteady = this.openedAt > 0 && this.ports.now() - this.openedAt > STEADY_AFTER_MS;
    this.attempt = wasSteady ? 0 : this.attempt + 1;
    this.openedAt = 0;
    this.ports.onConnection('offline');
    this.ports.onLost();
    if (code === SESSION_ENDED) return;
    const delay = backoffMs(Math.max(0, this.attempt - 1), this.ports.random());
    this.retryTimer = setTimeout(() => this.connect(), delay);
  }

  private checkSilence(): void {
    if (this.socket === null) return;
    const silentMs = this.ports.now() - this.heardAt;
    if (silentMs > WATCHDOG_MS) {
      this.dropSocket();
      this.lost(0);
    } else if (silentMs > STALE_AFTER_MS) {
      this.ports.onConnection('stale');
    }
  }

  /** Detached before closing: a dead peer answers the close handshake late or never. */
  private dropSocket(): void {
    const socket = this.socket;
    if (socket === null) return;
    this.socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private readonly reconnectNow = (): void => {
    if (this.socket === null) this.connect();
  };
}
