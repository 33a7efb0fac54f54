import { expect, it } from 'vitest';
import { trunksText } from './trunks.ts';

it('names trunks with what they carry, where that is told', () => {
  const trunks = [
    { id: 'telecom', in_use: 12, capacity: 30 },
    { id: 'mobile', in_use: 3, capacity: null },
    { id: '', in_use: 1, capacity: null },
  ];
  expect(trunksText(trunks, 'other')).toBe('telecom 12/30 · mobile 3 · other 1');
  expect(trunksText([], 'other')).toBe('');
});
