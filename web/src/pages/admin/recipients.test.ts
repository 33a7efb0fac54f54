import { expect, it } from 'vitest';
import { parted } from './recipients.ts';

it('takes what people put between addresses', () => {
  expect(parted('a@x.cn，b@x.cn; c@x.cn、')).toEqual(['a@x.cn', 'b@x.cn', 'c@x.cn']);
  expect(parted('  ')).toEqual([]);
});
