/** Figures of reports as text, and how one differs from another. Pure. */

import type { components } from '../../api/schema.d.ts';
import { clockDuration, percent } from '../../time/format.ts';

export type Figure = components['schemas']['Figure'];
export type ReportView = components['schemas']['ReportView'];
export type ReportRow = components['schemas']['ReportRow'];

export function figureText(unit: Figure['unit'], value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  switch (unit) {
    case 'count':
      return value.toLocaleString('en-US');
    case 'ms':
      return clockDuration(Math.round(value / 1000));
    case 'share':
      return percent(value);
    case 'number':
      return value.toFixed(2);
  }
}

/** "+12.0%", or for shares the difference in percentage points "+1.5 pp"; empty where there is nothing to compare. */
export function change(
  unit: Figure['unit'],
  value: number | null | undefined,
  former: number | null | undefined,
): string {
  if (value === null || value === undefined || former === null || former === undefined) return '';
  const signed = (amount: number): string => {
    const told = amount.toFixed(1).replace(/^-(?=0\.0$)/, '');
    return Number(told) > 0 ? `+${told}` : told;
  };
  if (unit === 'share') return `${signed((value - former) * 100)} pp`;
  if (former === 0) return value === 0 ? '0.0%' : '';
  return `${signed(((value - former) / former) * 100)}%`;
}

/** A figure as a chart takes it: minutes, percent, or as it is. */
export function charted(unit: Figure['unit'], value: number | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (unit === 'ms') return Math.round(value / 100) / 10;
  return unit === 'share' ? Math.round(value * 10_000) / 100 : value;
}
