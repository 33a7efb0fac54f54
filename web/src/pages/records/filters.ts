/** The filters of the records page live in its address, so that a link or a reload shows the same calls. Pure. */

import type { CallQuery } from '../../api/client.ts';
import { inCentre } from '../../time/zone.ts';

export const PAGE_SIZE = 20;

export const PRESETS = ['today', 'yesterday', 'week', 'month'] as const;
export type Preset = (typeof PRESETS)[number];

export const OUTCOMES = ['answered', 'abandoned', 'self_service', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const DIRECTIONS = ['inbound', 'outbound', 'internal', 'conference'] as const;
export type Direction = (typeof DIRECTIONS)[number];
export const MARKS = ['important', 'example', 'training', 'inspect', 'complaint', 'follow_up'] as const;
export type Mark = (typeof MARKS)[number];
export const ENDED_BY = ['caller', 'agent', 'flow', 'supervisor', 'system', 'asterisk'] as const;

const TEXTS = [
  'number',
  'queue',
  'dialled',
  'disposition',
  'ended_by',
  'customer',
  'note',
  'flow',
  'node',
  'comment',
] as const;
export type TextFilter = (typeof TEXTS)[number];
const AMOUNTS = ['waited_from_s', 'waited_to_s', 'talk_from_s', 'talk_to_s'] as const;
export type AmountFilter = (typeof AMOUNTS)[number];
const CHOICES = ['recorded', 'transferred', 'commented'] as const;
export type ChoiceFilter = (typeof CHOICES)[number];

export interface Filters
  extends Record<TextFilter, string>, Record<AmountFilter, number | null>, Record<ChoiceFilter, boolean | null> {
  /** Server instants in seconds, half-open; 0: open. */
  from: number;
  to: number;
  outcome: Outcome | '';
  direction: Direction | '';
  mark: Mark | '';
  /** 0: anybody. */
  agent: number;
  page: number;
}

export const NO_FILTERS: Filters = filtersFrom(new URLSearchParams());

/** Anything else that somebody wrote into the address means no filter. */
export function filtersFrom(search: URLSearchParams): Filters {
  const count = (name: string): number => {
    const value = Number(search.get(name) ?? 0);
    return Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;
  };
  const amount = (name: string): number | null => {
    const value = Number(search.get(name) ?? NaN);
    return Number.isFinite(value) && value >= 0 && search.get(name) !== '' ? value : null;
  };
  const choice = (name: string): boolean | null => {
    const text = search.get(name);
    return text === 'true' ? true : text === 'false' ? false : null;
  };
  const of = <Name extends string, Value>(names: readonly Name[], read: (name: Name) => Value) =>
    Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, Value>;
  return {
    ...of(TEXTS, (name) => search.get(name) ?? ''),
    ...of(AMOUNTS, amount),
    ...of(CHOICES, choice),
    from: count('from'),
    to: count('to'),
    outcome: OUTCOMES.find((outcome) => outcome === search.get('outcome')) ?? '',
    direction: DIRECTIONS.find((direction) => direction === search.get('direction')) ?? '',
    mark: MARKS.find((mark) => mark === search.get('mark')) ?? '',
    agent: count('agent'),
    page: Math.max(1, count('page')),
  };
}

const SHOWN = [
  ...(['from', 'to', 'number', 'queue', 'outcome', 'agent'] as const),
  ...([
    'dialled',
    'disposition',
    'direction',
    'ended_by',
    'customer',
    'note',
    'flow',
    'node',
    'comment',
    'mark',
  ] as const),
  ...AMOUNTS,
  ...CHOICES,
];

/** Those that the page keeps folded away. */
const FOLDED = SHOWN.slice(5);

/** Only what differs from the empty filter. */
function wanted(filters: Filters): [string, string | number | boolean][] {
  return SHOWN.flatMap((name): [string, string | number | boolean][] => {
    const value = filters[name];
    const empty = value === null || value === '' || (value === 0 && !AMOUNTS.some((amount) => amount === name));
    return empty ? [] : [[name, value]];
  });
}

/** How many of the folded filters are in use. */
export const foldedInUse = (filters: Filters): number =>
  wanted(filters).filter(([name]) => FOLDED.some((folded) => folded === name)).length;

export function searchOf(filters: Filters): URLSearchParams {
  const search = new URLSearchParams(wanted(filters).map(([name, value]) => [name, String(value)]));
  if (filters.page > 1) search.set('page', String(filters.page));
  return search;
}

/** What is searched for, without the page: what an export and a saved search mean. */
export const criteriaOf = (filters: Filters): CallQuery => Object.fromEntries(wanted(filters));

export const queryOf = (filters: Filters): CallQuery => ({
  ...criteriaOf(filters),
  page: filters.page,
  page_size: PAGE_SIZE,
});

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
