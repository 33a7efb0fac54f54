// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FeedMessage } from '../api/types.ts';
import { FeedConnection, STALE_AFTER_MS, WATCHDOG_MS } from './connection.ts';
import { message, queue, snapshot } from './samples.ts';

/** The half of a websocket that the connection uses, driven by the test. */
class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closed = false;
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  close(): void {
    this.closed = true;
  }

  say(...messages: FeedMessage[]): void {
    for (const one of messages) this.onmessage?.({ data: JSON.stringify(one) });
  }
}

let sockets: FakeSocket[] = [];
let received: string[] = [];
let states: string[] = [];
let heard = 0;
let connection: FeedConnection;

const last = (): FakeSocket => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return socket;
};

const first = message(1, { type: 'snapshot', data: snapshot() });
const second = message(2, { type: 'queue', data: queue({ waiting: 1 }) });

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  received = [];
  states = [];
  heard = 0;
  connection = new FeedConnection({
    openSocket: (url) => {
      const socket = new FakeSocket(url);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    baseUrl: 'ws://host',
    now: () => Date.now(),
    random: () => 1,
    onMessage: ({ type, seq }) => received.push(`${type} ${seq}`),
    onHeard: () => (heard += 1),
    onConnection: (state) => states.push(state),
    onLost: () => undefined,
  });
  connection.start();
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

test('the first socket asks for a snapshot, messages flow in order, repeats are dropped', () => {
  expect(last().url).toBe('ws://host/ws/events');
  last().say(first, second, second);
  expect(received).toEqual(['snapshot 1', 'queue 2']);
  expect(states.at(-1)).toBe('live');
});

test('a lost message makes the page ask again from where it stood', () => {
  last().say(first, message(4, { type: 'queue', data: queue() }));
  expect(sockets).toHaveLength(2);
  expect(sockets[0]?.closed).toBe(true);
  expect(last().url).toBe('ws://host/ws/events?epoch=e1&after=1');
  last().say(second, message(3, { type: 'queue', data: queue() }));
  expect(received).toEqual(['snapshot 1', 'queue 2', 'queue 3']);
});

test('after a close it comes back, later each time, and shows that it is offline', () => {
  last().say(first);
  last().onclose?.({ code: 1006 });
  expect(states.at(-1)).toBe('offline');
  vi.advanceTimersByTime(499);
  expect(sockets).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(sockets).toHaveLength(2);
  last().onclose?.({ code: 1006 });
  vi.advanceTimersByTime(999);
  expect(sockets).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(sockets).toHaveLength(3);
});

test('a silent socket is first shown as stale and then replaced', () => {
  last().say(first);
  vi.advanceTimersByTime(STALE_AFTER_MS + 1_000);
  expect(states.at(-1)).toBe('stale');
  vi.advanceTimersByTime(WATCHDOG_MS - STALE_AFTER_MS);
  expect(states.at(-1)).toBe('offline');
  vi.advanceTimersByTime(500);
  expect(sockets).toHaveLength(2);
  expect(last().url).toContain('after=1');
});

test('a ping keeps the watchdog quiet', () => {
  last().say(first);
  for (let i = 0; i < 8; i++) {
    vi.advanceTimersByTime(15_000);
    last().say(message(1, { type: 'ping', data: {} }));
  }
  expect(sockets).toHaveLength(1);
  expect(states.at(-1)).toBe('live');
  expect(heard).toBe(9);
});

test('an ended session is not knocked at again', () => {
  last().say(first);
  last().onclose?.({ code: 4401 });
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});
