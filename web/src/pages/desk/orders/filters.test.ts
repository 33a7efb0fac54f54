import { expect, test } from 'vitest';
import { conditionsOf, filtersFrom, queryOf, searchOf } from './filters.ts';

test('the address restores the filters', () => {
  const address = 'text=%E6%BC%8F%E6%B0%B4&state=signed&unit=repairs_east&urgency=high&view=all&order_by=due&page=3';
  const filters = filtersFrom(new URLSearchParams(address));
  expect(filters).toMatchObject({ text: '漏水', state: 'signed', unit: 'repairs_east', view: 'all', page: '3' });
  expect(filtersFrom(searchOf(filters))).toEqual(filters);
  expect(queryOf(filters)).toEqual({
    text: '漏水',
    state: 'signed',
    unit: 'repairs_east',
    urgency: 'high',
    order_by: 'due',
    page: 3,
    page_size: 50,
  });
});

test('nonsense in the address is no filter: open orders are shown', () => {
  const filters = filtersFrom(new URLSearchParams('state=<x>&view=maybe&page=-2&from=x&urgency=very&unit=a b'));
  expect(searchOf(filters).toString()).toBe('');
  expect(queryOf(filters)).toEqual({ open: true, page: 1, page_size: 50 });
});

test('who searches by words or by state searches closed orders too', () => {
  expect(conditionsOf(filtersFrom(new URLSearchParams('text=CD-20261121-0001')))).toEqual({ text: 'CD-20261121-0001' });
  expect(conditionsOf(filtersFrom(new URLSearchParams('state=archived')))).toEqual({ state: 'archived' });
  expect(conditionsOf(filtersFrom(new URLSearchParams('view=overdue')))).toEqual({ overdue: true, open: true });
});
