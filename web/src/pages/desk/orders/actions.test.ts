import { expect, test } from 'vitest';
import { arranged } from './actions.ts';

test('the next step of the main line stands out, side steps stand beside it, the rest is behind "more"', () => {
  expect(arranged(['sign', 'return', 'suspend', 'assign', 'ask_extension', 'comment'], false)).toEqual({
    main: 'sign',
    often: ['return', 'comment', 'suspend'],
    rest: ['assign', 'ask_extension'],
  });
});

test('who works on site replies next; beginning stays at hand', () => {
  expect(arranged(['begin', 'reply', 'comment'], false)).toEqual({
    main: 'reply',
    often: ['begin', 'comment'],
    rest: [],
  });
});

test('an extension is decided only where one was asked for', () => {
  const allowed = ['ask_extension', 'grant_extension', 'refuse_extension'] as const;
  expect(arranged([...allowed], false)).toEqual({ main: null, often: [], rest: ['ask_extension'] });
  expect(arranged([...allowed], true)).toEqual({
    main: null,
    often: ['grant_extension', 'refuse_extension'],
    rest: [],
  });
});

test('nothing is allowed: nothing is shown', () => {
  expect(arranged([], true)).toEqual({ main: null, often: [], rest: [] });
});
