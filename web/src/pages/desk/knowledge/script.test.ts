import { expect, test } from 'vitest';
import { stepsFrom, textOf } from './script.ts';

const TEXT = `Where does it leak?
? ask twice
- inside > 2
- outside > 3
- nowhere >

Close the valve.

Is it much?
And can cars pass?`;

test('paragraphs are steps, answers lead to steps by number', () => {
  expect(stepsFrom(TEXT)).toEqual([
    { say: 'Where does it leak?', hint: 'ask twice', answers: { inside: 1, outside: 2, nowhere: null } },
    { say: 'Close the valve.', hint: '', answers: {} },
    { say: 'Is it much?\nAnd can cars pass?', hint: '', answers: {} },
  ]);
});

test('a script that is opened and saved is the same', () => {
  expect(stepsFrom(textOf(stepsFrom(TEXT)))).toEqual(stepsFrom(TEXT));
  expect(stepsFrom('')).toEqual([]);
});
