import { expect, test } from 'vitest';
import type { SavedSearch } from '../../api/records.ts';
import { filtersFrom, NO_FILTERS, presetRange } from './filters.ts';
import { draftOf, filtersOf, spanOf } from './searches.ts';

const NOW = 1_800_000_000;
const kept = (part: Partial<SavedSearch>): SavedSearch => ({
  id: 1,
  owner_id: 1,
  owner: '',
  name: '',
  criteria: {},
  span: '',
  shared: false,
  team: null,
  changed_at: 0,
  ...part,
});

test('a span that was chosen as such moves along with the days', () => {
  const [from, to] = presetRange('yesterday', NOW);
  const filters = { ...NO_FILTERS, from, to, outcome: 'abandoned' as const };
  expect(spanOf(filters, NOW)).toBe('yesterday');
  expect(draftOf(filters, 'a', true, NOW)).toMatchObject({ span: 'yesterday', shared: true });
  const later = NOW + 3 * 86_400;
  const opened = filtersOf(kept({ span: 'yesterday', criteria: { outcome: 'abandoned' } }), later);
  expect([opened.from, opened.to]).toEqual(presetRange('yesterday', later));
  expect(opened.outcome).toBe('abandoned');
});

test('other spans stay where they are', () => {
  const filters = { ...NO_FILTERS, from: 1000, to: 2000, mark: 'example' as const, recorded: true };
  const draft = draftOf(filters, 'a', false, NOW);
  expect(draft).toMatchObject({ span: '', criteria: { from: 1000, to: 2000, mark: 'example', recorded: true } });
  expect(filtersOf(kept({ criteria: draft.criteria as SavedSearch['criteria'] }), NOW)).toEqual({ ...filters });
});

test('marks in the address that are none mean any', () => {
  expect(filtersFrom(new URLSearchParams('mark=nice')).mark).toBe('');
  expect(filtersFrom(new URLSearchParams('commented=false&comment=x'))).toMatchObject({
    commented: false,
    comment: 'x',
  });
});
