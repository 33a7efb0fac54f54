/** What a set of marks comes to, shown while it is filled in; the server computes the result that counts. Pure. */

import type { SheetRow } from '../../../api/desk.ts';

export type Marks = Record<string, number | null>;
type Criterion = SheetRow['criteria'][number];

/** Of what applies, 0 to 100 with one decimal; a fatal criterion that fails makes it 0. */
export function scoreOf(criteria: Criterion[], marks: Marks): { score: number; fatal: boolean } {
  let reached = 0;
  let possible = 0;
  let fatal = false;
  for (const criterion of criteria) {
    const mark = marks[criterion.id];
    if (mark === null || mark === undefined) continue;
    if (criterion.fatal === true && mark === 0) fatal = true;
    reached += mark;
    possible += criterion.points;
  }
  const whole = possible === 0 ? 100 : Math.round((1000 * reached) / possible) / 10;
  return { score: fatal ? 0 : whole, fatal };
}

/** Everything right, to begin with: marks are taken off. */
export const fullMarks = (criteria: Criterion[]): Marks =>
  Object.fromEntries(criteria.map(({ id, points }) => [id, points]));

/** "开场 = 10" per line, a fatal one ends with "!". A line without a number is none. */
export function criteriaFrom(
  text: string,
): { id: string; name: { 'zh-CN': string }; points: number; fatal: boolean }[] {
  return text
    .split('\n')
    .map((line) => /^(.+?)\s*[=＝]\s*(\d+(?:\.\d+)?)\s*([!！]?)$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map((match, at) => ({
      id: `c${at + 1}`,
      name: { 'zh-CN': match[1] ?? '' },
      points: Number(match[2]),
      fatal: match[3] !== '',
    }));
}
