/** What is asked of a report, as it stands in the page's address. Pure. */

import type { Dayjs } from 'dayjs';
import { inCentre } from '../../time/zone.ts';
import { type Among, AMONG } from './among.ts';

export const INTERVALS = ['total', '15min', '30min', 'hour', 'day', 'week', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];
export const SPANS = ['today', 'yesterday', 'thisWeek', 'lastWeek', 'thisMonth', 'lastMonth', 'thisYear'] as const;
export type Span = (typeof SPANS)[number];
export const COMPARISONS = ['none', 'before', 'week', 'month', 'year'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Asked extends Among {
  report: string;
  /** UTC seconds, half-open; whole quarters of an hour. */
  from: number;
  to: number;
  interval: Interval;
  /** Empty: as the report usually is. */
  by: string;
  formula: string;
  booking: string;
  same: string;
  days: number;
  compare: Comparison;
  /** The figure of the chart; empty: the report's first. */
  figure: string;
}

const WORDS = ['by', ...AMONG, 'formula', 'booking', 'same', 'figure'] as const;
const QUARTER_S = 900;
export const DEFAULT_DAYS = 7;

export function spanOf(span: Span, now: number): [number, number] {
  const today = inCentre(now).startOf('day');
  // Weeks begin on Monday, whatever the language of the page.
  const monday = today.subtract((today.day() + 6) % 7, 'day');
  const month = today.startOf('month');
  const ends: Record<Span, [Dayjs, Dayjs]> = {
    today: [today, today.add(1, 'day')],
    yesterday: [today.subtract(1, 'day'), today],
    thisWeek: [monday, monday.add(7, 'day')],
    lastWeek: [monday.subtract(7, 'day'), monday],
    thisMonth: [month, month.add(1, 'month')],
    lastMonth: [month.subtract(1, 'month'), month],
    thisYear: [today.startOf('year'), today.startOf('year').add(1, 'year')],
  };
  const [from, to] = ends[span];
  return [from.unix(), to.unix()];
}

/** The span beside which [from, to) is shown, in local time; null: none. */
export function comparedSpan({ from, to, compare }: Pick<Asked, 'from' | 'to' | 'compare'>): [number, number] | null {
  if (compare === 'none') return null;
  if (compare === 'before') {
    const days = Math.max(1, Math.round((to - from) / 86_400));
    const wholeMonth = inCentre(from).date() === 1 && inCentre(from).add(1, 'month').unix() === to;
    return wholeMonth
      ? [inCentre(from).subtract(1, 'month').unix(), from]
      : [inCentre(from).subtract(days, 'day').unix(), inCentre(to).subtract(days, 'day').unix()];
  }
  return [inCentre(from).subtract(1, compare).unix(), inCentre(to).subtract(1, compare).unix()];
}

export function askedFrom(search: URLSearchParams, now: number): Asked {
  const one = <Value extends string>(values: readonly Value[], name: string, usual: Value): Value =>
    values.find((value) => value === search.get(name)) ?? usual;
  const instant = (name: string): number => {
    const value = Number(search.get(name) ?? 0);
    return Number.isFinite(value) && value > 0 ? Math.floor(value / QUARTER_S) * QUARTER_S : 0;
  };
  const [monday, nextMonday] = spanOf('thisWeek', now);
  const [from, to] = [instant('from'), instant('to')];
  const days = Number(search.get('days') ?? DEFAULT_DAYS);
  return {
    report: search.get('report') ?? 'traffic',
    ...(from > 0 && to > from ? { from, to } : { from: monday, to: nextMonday }),
    interval: one(INTERVALS, 'interval', 'day'),
    compare: one(COMPARISONS, 'compare', 'none'),
    days: Number.isInteger(days) && days >= 1 && days <= 90 ? days : DEFAULT_DAYS,
    ...(Object.fromEntries(WORDS.map((name) => [name, search.get(name) ?? ''])) as Record<
      (typeof WORDS)[number],
      string
    >),
  };
}

export function searchOf(asked: Asked): URLSearchParams {
  const search = new URLSearchParams({ report: asked.report, from: String(asked.from), to: String(asked.to) });
  if (asked.interval !== 'day') search.set('interval', asked.interval);
  if (asked.compare !== 'none') search.set('compare', asked.compare);
  if (asked.days !== DEFAULT_DAYS) search.set('days', String(asked.days));
  for (const name of WORDS) if (asked[name] !== '') search.set(name, asked[name]);
  return search;
}

/** The query of the server. */
export function queryOf(asked: Asked): Record<string, string | number> {
  const compared = comparedSpan(asked);
  return {
    from: asked.from,
    to: asked.to,
    interval: asked.interval,
    ...Object.fromEntries(WORDS.filter((name) => name !== 'figure' && asked[name] !== '').map((n) => [n, asked[n]])),
    ...(asked.days !== DEFAULT_DAYS && { days: asked.days }),
    ...(compared && { compare_from: compared[0], compare_to: compared[1] }),
  };
}
