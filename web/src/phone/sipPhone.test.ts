// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { answersByItself } from './sipPhone.ts';

const headers = (given: Record<string, string>) => (name: string) => given[name];

test('a call is answered by itself only where our own server asks for it', () => {
  const asked = { 'Call-Info': '<sip:localhost>;answer-after=0' };
  expect(answersByItself(headers({ ...asked, 'X-CTI-Call-Id': 'n1-1' }))).toBe(true);
  expect(answersByItself(headers(asked))).toBe(false);
  expect(answersByItself(headers({ 'X-CTI-Call-Id': 'n1-1' }))).toBe(false);
});
