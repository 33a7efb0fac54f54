/** How the figures of a board are written. Pure: the server has judged them already. */

import type { BoardView } from '../../api/types.ts';
import { clockDuration, percent } from '../../time/format.ts';

export type Standing = 'ok' | 'near' | 'missed' | 'noData';
export type Unit = 'count' | 's' | 'share';
export type Better = 'more' | 'less' | '';

export const standingOf = (view: BoardView, figure: string): Standing => {
  const told = view.standings[figure];
  return told === undefined || told === 'none' ? 'noData' : told;
};

/** A figure as people read it from across a room. */
export function figureText(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'share') return percent(value, value === 1 ? 0 : 1);
  return unit === 's' ? clockDuration(Math.round(value)) : String(Math.round(value));
}

/** "≥ 80 %"; null where nothing is aimed at. */
export function targetText(target: number | null | undefined, unit: Unit, better: Better): string | null {
  if (target === null || target === undefined || better === '') return null;
  const shown = unit === 'share' ? percent(target, 0) : figureText(target, unit);
  return `${better === 'more' ? '≥' : '≤'} ${shown}`;
}

/** Columns in which so many figures fill their rows best. */
export const figureColumns = (count: number): number => (count <= 6 ? Math.max(3, count) : Math.ceil(count / 2));
