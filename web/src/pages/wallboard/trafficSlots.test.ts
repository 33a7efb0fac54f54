import { expect, test } from 'vitest';
import { SLOT_S, SLOTS, trafficSlots } from './trafficSlots.ts';

const now = 1_000_000 * SLOT_S + 17;

test('two hours of slots end with the present one, empty ones are zero', () => {
  const busy = { at: 1_000_000 * SLOT_S - SLOT_S, offered: 5, answered: 4, abandoned: 1 };
  const slots = trafficSlots([busy], now);
  expect(slots).toHaveLength(SLOTS);
  expect(slots.at(-1)).toEqual({ at: 1_000_000 * SLOT_S, offered: 0, answered: 0, abandoned: 0 });
  expect(slots.at(-2)).toEqual(busy);
});

test('what is older than two hours falls off', () => {
  const old = { at: now - 3 * 3600, offered: 9, answered: 9, abandoned: 0 };
  expect(trafficSlots([old], now).every((slot) => slot.offered === 0)).toBe(true);
});
