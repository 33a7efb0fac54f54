/** A report that leaves by mail, as its form holds it. Pure. */

import type { Schedule, ScheduleDraft } from '../../api/schedules.ts';
import { type Among, AMONG } from './among.ts';
import { DEFAULT_DAYS, type Interval, INTERVALS } from './asked.ts';

/** How a report counts; empty: as the centre usually does. `same` and `days` say what a repeat call is. */
export interface Counting {
  formula: string;
  booking: string;
  same: string;
  days: number;
}

export interface FormValues extends Among, Counting {
  name: string;
  report: string;
  by: string;
  span: Schedule['span'];
  interval: Interval;
  every: Schedule['every'];
  time: string;
  weekday: number;
  monthDay: number;
  format: 'xlsx' | 'csv';
  recipients: string;
}

const SHOWN: ReadonlySet<string> = new Set([...AMONG, 'interval', 'by', 'formula', 'booking', 'same', 'days']);

/** What suits a span until somebody chooses otherwise. */
export const usualInterval = (span: Schedule['span']): Interval =>
  span === 'today' || span === 'yesterday' ? 'hour' : 'day';

export const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** `among`: what the reports beside it are filtered by at this moment. */
export const empty = ({ queue, team, agent, dialled }: Among): FormValues => ({
  ...{ name: '', report: 'traffic', by: '', span: 'yesterday', interval: 'hour', every: 'daily', time: '08:00' },
  ...{ weekday: 1, monthDay: 1, format: 'xlsx', recipients: '' },
  ...{ queue, team, agent, dialled },
  ...{ formula: '', booking: '', same: '', days: DEFAULT_DAYS },
});

const word = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

export const valuesOf = ({ query, ...one }: Schedule): FormValues => ({
  ...{ name: one.name, report: one.report, span: one.span, every: one.every, time: clock(one.minute) },
  ...{ weekday: one.weekday, monthDay: one.month_day, format: one.format === 'csv' ? 'csv' : 'xlsx' },
  ...{ recipients: one.recipients.join(', '), by: word(query.by) },
  ...{ queue: word(query.queue), team: word(query.team), agent: word(query.agent), dialled: word(query.dialled) },
  ...{ formula: word(query.formula), booking: word(query.booking), same: word(query.same) },
  days: Number(query.days ?? DEFAULT_DAYS),
  // The server leaves out what is usual, so that no interval means days.
  interval: INTERVALS.find((one) => one === query.interval) ?? 'day',
});

/** What the server keeps; of a schedule that is changed also what this form does not show (thresholds, say). */
export function draftOf(values: FormValues, language: string, changed: Schedule | null): ScheduleDraft {
  const [hours = 0, minutes = 0] = values.time.split(':').map(Number);
  const kept = changed?.report === values.report ? changed.query : null;
  const hidden = Object.entries(kept ?? {}).filter(([name]) => !SHOWN.has(name));
  const { interval, by, queue, team, agent, dialled, formula, booking, same, days } = values;
  const repeats = values.report === 'repeats' ? { same, days: days === DEFAULT_DAYS ? '' : days } : {};
  const asked = { interval, by, queue, team, agent, dialled, formula, booking, ...repeats };
  return {
    name: values.name.trim(),
    report: values.report,
    query: Object.fromEntries([...hidden, ...Object.entries(asked)].filter(([, value]) => value !== '')),
    span: values.span,
    every: values.every,
    minute: hours * 60 + minutes,
    weekday: values.weekday,
    month_day: values.monthDay,
    format: values.format,
    language: (changed?.language ?? language) === 'en' ? 'en' : 'zh-CN',
    recipients: values.recipients.split(/[\s,;，；、]+/).filter((one) => one !== ''),
    enabled: changed?.enabled ?? true,
  };
}
