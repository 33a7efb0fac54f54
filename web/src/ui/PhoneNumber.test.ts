import { expect, test } from 'vitest';
import { numberGroups } from './PhoneNumber.tsx';

test('mobile numbers are grouped to be read aloud, masked or not', () => {
  expect(numberGroups('13800138000')).toEqual(['138', '0013', '8000']);
  expect(numberGroups('138****8000')).toEqual(['138', '****', '8000']);
  expect(numberGroups('+8613800138000')).toEqual(['+86', '138', '0013', '8000']);
});

test('anything else stays in one piece', () => {
  for (const number of ['01088888888', '96116', '+442071838750', 'sip:a@b', '']) {
    expect(numberGroups(number)).toEqual([number]);
  }
});
