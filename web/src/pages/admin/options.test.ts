import { expect, test } from 'vitest';
import { put } from './options.ts';

test('what is at its default is not written down', () => {
  expect(put({ weight: 2, open: false }, 'weight', 1, 1)).toEqual({ open: false });
  expect(put({}, 'weight', 3, 1)).toEqual({ weight: 3 });
  expect(put({ wrap_up: { mode: 'fixed' } }, 'wrap_up', {})).toEqual({});
  expect(put({ hours: 'office' }, 'hours', undefined)).toEqual({});
  expect(put({ weight: 2 }, 'open', false, true)).toEqual({ weight: 2, open: false });
});
