/** Between the filters of the page and a search that is kept. Pure. */

import type { SavedSearch, SearchDraft } from '../../api/records.ts';
import { criteriaOf, type Filters, filtersFrom, presetRange, PRESETS } from './filters.ts';

/** The span that the filters stand for today, where it is one that moves along: "" else. */
export function spanOf(filters: Filters, now: number): NonNullable<SearchDraft['span']> {
  const found = PRESETS.find((preset) => {
    const [from, to] = presetRange(preset, now);
    return filters.from === from && filters.to === to;
  });
  return found ?? '';
}

export function draftOf(filters: Filters, name: string, shared: boolean, now: number): SearchDraft {
  return { name, shared, span: spanOf(filters, now), criteria: criteriaOf(filters) };
}

/** What the page is to look for: its address takes the same names as the search. */
export function filtersOf(search: SavedSearch, now: number): Filters {
  const wanted = Object.entries(search.criteria).map(([name, value]) => [name, String(value)]);
  const filters = filtersFrom(new URLSearchParams(wanted));
  const preset = PRESETS.find((one) => one === search.span);
  if (preset === undefined) return filters;
  const [from, to] = presetRange(preset, now);
  return { ...filters, from, to };
}
