import { expect, test } from 'vitest';
import { nextOf } from './useRotation.ts';

test('boards take turns and begin anew', () => {
  expect(nextOf(['a', 'b'], 'a')).toBe('b');
  expect(nextOf(['a', 'b'], 'b')).toBe('a');
});

test('a board that was removed gives way to the first', () => {
  expect(nextOf(['a', 'b'], 'gone')).toBe('a');
  expect(nextOf([], 'gone')).toBeUndefined();
});
