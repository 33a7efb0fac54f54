import { expect, test } from 'vitest';
import { EMPTY_ORDER, firstMissing, fittingFields, newOrderBody } from './values.ts';

const filled = { ...EMPTY_ORDER, title: ' 漏水 ', area: 'CD', key: 'k1' };
const pressure = { name: 'pressure', label: {}, kind: 'number' as const, required: true };

test('what must be there is asked for, the first first', () => {
  expect(firstMissing(EMPTY_ORDER, [])).toBe('title');
  expect(firstMissing({ ...EMPTY_ORDER, title: 'x' }, [])).toBe('area');
  expect(firstMissing({ ...EMPTY_ORDER, title: 'x', customer_id: 7 }, [])).toBeNull();
  expect(firstMissing({ ...filled, then: 'resolve_on_call' }, [])).toBe('solution');
  expect(firstMissing(filled, [pressure])).toBe('fields.pressure');
  expect(firstMissing({ ...filled, fields: { pressure: 0 } }, [pressure])).toBeNull();
});

test('fields of another category stay in the draft and are not sent', () => {
  expect(fittingFields({ pressure: 2, colour: 'yellow' }, [pressure])).toEqual({ pressure: 2 });
});

test('a masked number is left to the server, and the call is linked', () => {
  const body = newOrderBody({ ...filled, contact_number: '+86****8000' }, [], 'n1-77');
  expect(body).toMatchObject({ title: '漏水', contact_number: '', call_ids: ['n1-77'], channel: 'call', key: 'k1' });
  expect(newOrderBody({ ...filled, contact_number: '13800138000' }, [], '').contact_number).toBe('13800138000');
});

test('what happens next is part of the same request', () => {
  expect(newOrderBody({ ...filled, then: 'draft' }, [], '')).toMatchObject({ draft: true, then: '' });
  expect(newOrderBody({ ...filled, then: 'accept' }, [], '')).toMatchObject({ draft: false, then: '' });
  expect(newOrderBody({ ...filled, then: 'merge', parent_id: 5 }, [], '')).toMatchObject({
    then: 'merge',
    parent_id: 5,
  });
  expect(newOrderBody({ ...filled, then: 'request_dispatch', parent_id: 5 }, [], '').parent_id).toBeNull();
});
