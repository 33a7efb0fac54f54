/** Names of intervals and groups, and which rows of two spans belong to each other. Pure. */

import { inLanguage } from '../../i18n/words.ts';
import { inCentre } from '../../time/zone.ts';
import type { ReportRow, ReportView } from './figures.ts';

const FORMATS: Record<ReportView['interval'], string> = {
  total: 'YYYY-MM-DD HH:mm',
  '15min': 'MM-DD HH:mm',
  '30min': 'MM-DD HH:mm',
  hour: 'MM-DD HH:mm',
  day: 'YYYY-MM-DD',
  week: 'YYYY-MM-DD',
  month: 'YYYY-MM',
  year: 'YYYY',
};

export const intervalName = (start: number, interval: ReportView['interval']): string =>
  inCentre(start).format(FORMATS[interval]);

export const keyName = (view: ReportView, key: string, language: string): string =>
  inLanguage(view.names[key], language, key);

/** Row of the other span that stands at the same place: the n-th interval, and the same group. */
export function formerRow(view: ReportView): (row: ReportRow) => ReportRow | undefined {
  const { compared, part } = view;
  if (!compared) return () => undefined;
  const starts = (rows: ReportRow[]): number[] =>
    [...new Set(rows.map(({ start }) => start))].toSorted((a, b) => a - b);
  const mine = starts(part.rows);
  const theirs = starts(compared.rows);
  const byPlace = new Map(compared.rows.map((row) => [`${theirs.indexOf(row.start)}:${row.key}`, row]));
  return (row) => byPlace.get(`${mine.indexOf(row.start)}:${row.key}`);
}
