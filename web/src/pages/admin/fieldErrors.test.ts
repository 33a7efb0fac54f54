import { expect, test } from 'vitest';
import { Problem } from '../../api/problem.ts';
import { fieldErrors } from './fieldErrors.ts';

test('what the server says about a value is found by its place in the object', () => {
  const errors = [{ loc: ['body', 'steps', 0, 'after_s'], msg: 'must be more than 0 s' }];
  expect(fieldErrors(new Problem('invalid', 422, { errors }))).toEqual({ 'steps.0.after_s': 'must be more than 0 s' });
  expect(fieldErrors(new Problem('in_use', 409))).toEqual({});
  expect(fieldErrors(null)).toEqual({});
});
