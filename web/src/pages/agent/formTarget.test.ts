import { expect, test } from 'vitest';
import { nextFormCall } from './formTarget.ts';

const a = { callId: 'a', number: '13800138000' };
const b = { callId: 'b', number: '13800138001' };

test('the form follows the pop', () => {
  expect(nextFormCall(null, a, { inUse: false, unsent: false })).toEqual(a);
  expect(nextFormCall(a, b, { inUse: false, unsent: false })).toEqual(b);
});

test('a pop takes no form away from somebody who is writing in it', () => {
  expect(nextFormCall(a, b, { inUse: true, unsent: true })).toEqual(a);
});

test('an unsent draft that nobody is writing in makes room, and waits in the list of last calls', () => {
  expect(nextFormCall(a, b, { inUse: false, unsent: true })).toEqual(b);
});

test('after the call an unsent draft stays in view, a sent one goes', () => {
  expect(nextFormCall(a, null, { inUse: false, unsent: true })).toEqual(a);
  expect(nextFormCall(a, null, { inUse: false, unsent: false })).toBeNull();
});
