// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PENDING_TIMEOUT_MS, sendCommand, usePending } from './pending.ts';
import { agent, message, snapshot } from './samples.ts';
import { forgetCentre, receive } from './store.ts';

beforeEach(() => {
  vi.useFakeTimers();
  receive(message(1, { type: 'snapshot', data: snapshot({ agents: [agent({ presence: 'break' })] }) }));
});

afterEach(() => {
  vi.useRealTimers();
  forgetCentre();
});

const becomeReady = (send: () => Promise<unknown>, onExpired: () => void): Promise<void> =>
  sendCommand('presence:7', ({ agents }) => agents[7]?.presence === 'ready', send, onExpired);

test('pending from the click until the feed says so', async () => {
  const { result } = renderHook(() => usePending('presence:7'));
  const expired = vi.fn();
  await act(() => becomeReady(() => Promise.resolve(), expired));
  expect(result.current).toBe(true);
  act(() => {
    receive(message(2, { type: 'agent', data: agent({ presence: 'ready' }) }));
  });
  expect(result.current).toBe(false);
  act(() => {
    vi.advanceTimersByTime(2 * PENDING_TIMEOUT_MS);
  });
  expect(expired).not.toHaveBeenCalled();
});

test('no confirmation: no longer pending, and the person is told once', async () => {
  const { result } = renderHook(() => usePending('presence:7'));
  const expired = vi.fn();
  await act(() => becomeReady(() => Promise.resolve(), expired));
  act(() => {
    vi.advanceTimersByTime(2 * PENDING_TIMEOUT_MS);
  });
  expect(result.current).toBe(false);
  expect(expired).toHaveBeenCalledTimes(1);
});

test('a refused request ends it at once with its own error', async () => {
  const { result } = renderHook(() => usePending('presence:7'));
  const expired = vi.fn();
  const refused = act(() => becomeReady(() => Promise.reject(new Error('forbidden')), expired));
  await expect(refused).rejects.toThrow('forbidden');
  expect(result.current).toBe(false);
  act(() => {
    vi.advanceTimersByTime(2 * PENDING_TIMEOUT_MS);
  });
  expect(expired).not.toHaveBeenCalled();
});
