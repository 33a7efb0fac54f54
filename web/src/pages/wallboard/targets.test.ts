import { expect, test } from 'vitest';
import { queue, totals } from '../../feed/samples.ts';
import { atLeast, atMost, serviceLevelTarget, share, waitingTarget, waitTarget } from './targets.ts';

test('on target, close, off target, unknown', () => {
  expect([0.8, 0.76, 0.74, null].map((value) => atLeast(value, 0.8))).toEqual(['ok', 'near', 'missed', 'noData']);
  expect([20, 21, 41, null].map((value) => atMost(value, 20))).toEqual(['ok', 'near', 'missed', 'noData']);
});

test('each queue weighs as much as the callers it had', () => {
  const queues = [queue({ offered: 90, service_level_target: 0.8 }), queue({ offered: 10, service_level_target: 0.9 })];
  expect(serviceLevelTarget(queues)).toBeCloseTo(0.81);
  expect(serviceLevelTarget(queues.map((one) => ({ ...one, offered: 0 })))).toBeCloseTo(0.85);
  expect(serviceLevelTarget([])).toBeNull();
});

test('waiting is judged by the strictest queue and by who is on duty', () => {
  expect(waitTarget([queue({ service_level_s: 20 }), queue({ service_level_s: 15 })])).toBe(15);
  expect(waitingTarget(totals({ agents: { ready: 3, talking: 6, signed_out: 20, unreachable: 4 } }))).toBe(2);
  expect(waitingTarget(totals())).toBe(1);
});

test('before the first caller there is no rate', () => {
  expect(share(0, { answered: 0, abandoned: 0 })).toBeNull();
  expect(share(19, { answered: 19, abandoned: 1 })).toBe(0.95);
});
