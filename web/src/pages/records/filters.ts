/** The filters of the records page live in its address, so that a link or a reload shows the same calls. Pure. */

import type { CallQuery } from '../../api/client.ts';
import { inCentre } from '../../time/zone.ts';

export const PAGE_SIZE = 20;

export const PRESETS = ['today', 'yesterday', 'week', 'month'] as const;
export type Preset = (typeof PRESETS)[number];

export const OUTCOMES = ['answered', 'abandoned', 'self_service', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Filters {
  /** Server instants in seconds, half-open; 0: open. */
  from: number;
  to: number;
  number: string;
  queue: string;
  outcome: Outcome | '';
  page: number;
}

export function filtersFrom(search: URLSearchParams): Filters {
  const count = (name: string): number => {
    const value = Number(search.get(name) ?? 0);
    return Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
  };
  return {
    from: count('from'),
    to: count('to'),
    number: search.get('number') ?? '',
    queue: search.get('queue') ?? '',
    // Anything else somebody wrote into the address means no filter.
    outcome: OUTCOMES.find((outcome) => outcome === search.get('outcome')) ?? '',
    page: Math.max(1, count('page')),
  };
}

/** Only what differs from the empty filter stands in the address. */
export function searchOf(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  if (filters.from > 0) search.set('from', String(filters.from));
  if (filters.to > 0) search.set('to', String(filters.to));
  for (const name of ['number', 'queue', 'outcome'] as const) {
    if (filters[name] !== '') search.set(name, filters[name]);
  }
  if (filters.page > 1) search.set('page', String(filters.page));
  return search;
}

export function queryOf(filters: Filters): CallQuery {
  return {
    ...(filters.from > 0 && { from: filters.from }),
    ...(filters.to > 0 && { to: filters.to }),
    ...(filters.number !== '' && { number: filters.number }),
    ...(filters.queue !== '' && { queue: filters.queue }),
    ...(filters.outcome !== '' && { outcome: filters.outcome }),
    page: filters.page,
    page_size: PAGE_SIZE,
  };
}

/** [from, to) of a preset, by the centre's midnights around `now` (seconds). */
export function presetRange(preset: Preset, now: number): [number, number] {
  const midnight = inCentre(now).startOf('day');
  const tomorrow = midnight.add(1, 'day').unix();
  switch (preset) {
    case 'today':
      return [midnight.unix(), tomorrow];
    case 'yesterday':
      return [midnight.subtract(1, 'day').unix(), midnight.unix()];
    case 'week':
      return [midnight.subtract(6, 'day').unix(), tomorrow];
    case 'month':
      return [midnight.subtract(29, 'day').unix(), tomorrow];
  }
}
