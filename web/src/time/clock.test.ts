// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Countdown, Timer } from '../ui/Timer.tsx';
import { serverNow, startClock, synchronise } from './clock.ts';

let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000 });
  stop = startClock();
});

afterEach(() => {
  cleanup();
  stop();
  vi.useRealTimers();
});

test("timers run on the server's clock, however wrong this computer's is", () => {
  const server = 5_000_000; // seconds; this computer thinks that it is 1,000,000
  act(() => {
    synchronise(server);
  });
  render(createElement(Timer, { since: server - 65 }));
  expect(screen.getByText('1:05')).toBeTruthy();
  act(() => {
    vi.advanceTimersByTime(3_050);
  });
  expect(screen.getByText('1:08')).toBeTruthy();
  expect(serverNow()).toBeCloseTo(server + 3.05, 3);
});

test('a countdown ends at zero', () => {
  act(() => {
    synchronise(2_000);
  });
  render(createElement(Countdown, { until: 2_002 }));
  expect(screen.getByText('0:02')).toBeTruthy();
  act(() => {
    vi.advanceTimersByTime(5_000);
  });
  expect(screen.getByText('0:00')).toBeTruthy();
});
