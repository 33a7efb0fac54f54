/** One figure of a report as series over labels. Pure. */

import type { ReportView } from './figures.ts';
import { formerRow, intervalName, keyName } from './rows.ts';

export interface Series {
  /** Empty: the figure itself. */
  name: string;
  values: (number | null)[];
  /** Of the other span. */
  former: boolean;
}

/** More lines than this cannot be told apart; those with the greatest sums are drawn. */
const MOST_LINES = 8;
const MOST_BARS = 40;

export function chartData(
  view: ReportView,
  figure: string,
  language: string,
  before: string,
): { labels: string[]; series: Series[] } {
  const { rows } = view.part;
  const former = formerRow(view);
  const starts = [...new Set(rows.map(({ start }) => start))].toSorted((a, b) => a - b);
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.key, (sums.get(row.key) ?? 0) + (row.values[figure] ?? 0));
  const keys = [...sums].toSorted((a, b) => b[1] - a[1]).map(([key]) => key);

  if (starts.length <= 1) {
    const shown = rows.toSorted((a, b) => (b.values[figure] ?? 0) - (a.values[figure] ?? 0)).slice(0, MOST_BARS);
    const series: Series[] = [{ name: '', values: shown.map((row) => row.values[figure] ?? null), former: false }];
    if (view.compared) {
      series.push({ name: before, values: shown.map((row) => former(row)?.values[figure] ?? null), former: true });
    }
    const label = (key: string): string =>
      view.by === 'none' ? intervalName(view.part.since, view.interval) : keyName(view, key, language);
    return { labels: shown.map(({ key }) => label(key)), series };
  }

  const byPlace = new Map(rows.map((row) => [`${row.start}:${row.key}`, row]));
  const lines = keys.slice(0, MOST_LINES).map((key): Series => {
    const values = starts.map((start) => byPlace.get(`${start}:${key}`)?.values[figure] ?? null);
    return { name: view.by === 'none' ? '' : keyName(view, key, language), values, former: false };
  });
  const [only] = keys;
  // With several groups a second line for each would be a thicket: the table has them.
  if (view.compared && lines.length === 1 && only !== undefined) {
    const values = starts.map((start) => {
      const row = byPlace.get(`${start}:${only}`);
      return row === undefined ? null : (former(row)?.values[figure] ?? null);
    });
    lines.push({ name: before, values, former: true });
  }
  return { labels: starts.map((start) => intervalName(start, view.interval)), series: lines };
}
