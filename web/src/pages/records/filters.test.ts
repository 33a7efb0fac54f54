import { expect, test } from 'vitest';
import { filtersFrom, foldedInUse, NO_FILTERS, presetRange, queryOf, searchOf } from './filters.ts';

test('the address restores the filters', () => {
  const filters = filtersFrom(new URLSearchParams('from=100&to=200&number=138&queue=repairs&outcome=abandoned&page=3'));
  expect(filters).toEqual({
    ...NO_FILTERS,
    from: 100,
    to: 200,
    number: '138',
    queue: 'repairs',
    outcome: 'abandoned',
    page: 3,
  });
  expect(filtersFrom(searchOf(filters))).toEqual(filters);
});

test('nonsense in the address is no filter', () => {
  const filters = filtersFrom(new URLSearchParams('from=x&page=-2&outcome=maybe&recorded=perhaps&talk_to_s='));
  expect(filters).toEqual(NO_FILTERS);
  expect(searchOf(filters).toString()).toBe('');
  expect(queryOf(filters)).toEqual({ page: 1, page_size: 20 });
});

test('presets are whole days of the centre, half-open', () => {
  const now = Date.parse('2026-11-21T15:30:00+08:00') / 1000;
  const at = (text: string): number => Date.parse(`${text}+08:00`) / 1000;
  expect(presetRange('today', now)).toEqual([at('2026-11-21T00:00'), at('2026-11-22T00:00')]);
  expect(presetRange('yesterday', now)).toEqual([at('2026-11-20T00:00'), at('2026-11-21T00:00')]);
  expect(presetRange('week', now)).toEqual([at('2026-11-15T00:00'), at('2026-11-22T00:00')]);
});

test('less common conditions are counted, and zero seconds are a condition', () => {
  const filters = filtersFrom(new URLSearchParams('number=138&agent=7&recorded=false&waited_from_s=0&note=水表'));
  expect(foldedInUse(filters)).toBe(4);
  expect(queryOf(filters)).toMatchObject({ agent: 7, recorded: false, waited_from_s: 0, note: '水表' });
  expect(filtersFrom(searchOf(filters))).toEqual(filters);
});
