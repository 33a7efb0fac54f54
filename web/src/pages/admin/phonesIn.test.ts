import { describe, expect, it } from 'vitest';
import { phonesIn } from './phonesIn.ts';

describe('phones as they are typed', () => {
  it('may stand between spaces, commas of either language, and lines', () => {
    expect(phonesIn(' 1001, 02885551234，1002、1003\n1004 ')).toEqual(['1001', '02885551234', '1002', '1003', '1004']);
  });
  it('are rung once each', () => {
    expect(phonesIn('1001 1001')).toEqual(['1001']);
  });
  it('may be none', () => {
    expect(phonesIn('  ')).toEqual([]);
  });
});
