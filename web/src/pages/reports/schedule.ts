/** A report that leaves by mail, as its form holds it. Pure. */

import type { Schedule, ScheduleDraft } from '../../api/schedules.ts';

/** Ids separated by commas; empty: all. */
export interface Among {
  queue: string;
  team: string;
  agent: string;
}

export interface FormValues extends Among {
  name: string;
  report: string;
  by: string;
  span: Schedule['span'];
  every: Schedule['every'];
  time: string;
  weekday: number;
  monthDay: number;
  format: 'xlsx' | 'csv';
  recipients: string;
}

export const AMONG = ['queue', 'team', 'agent'] as const;

export const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** `among`: what the reports beside it are filtered by at this moment. */
export const empty = ({ queue, team, agent }: Among): FormValues => ({
  ...{ name: '', report: 'traffic', by: '', span: 'yesterday', every: 'daily', time: '08:00' },
  ...{ weekday: 1, monthDay: 1, format: 'xlsx', recipients: '' },
  ...{ queue, team, agent },
});

const word = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

export const valuesOf = ({ query, ...one }: Schedule): FormValues => ({
  ...{ name: one.name, report: one.report, span: one.span, every: one.every, time: clock(one.minute) },
  ...{ weekday: one.weekday, monthDay: one.month_day, format: one.format === 'csv' ? 'csv' : 'xlsx' },
  ...{ recipients: one.recipients.join(', '), by: word(query.by) },
  ...{ queue: word(query.queue), team: word(query.team), agent: word(query.agent) },
});

/** What the server keeps; of a schedule that is changed also what this form does not show (formula, booking …). */
export function draftOf(values: FormValues, language: string, changed: Schedule | null): ScheduleDraft {
  const [hours = 0, minutes = 0] = values.time.split(':').map(Number);
  const kept = changed?.report === values.report ? changed.query : null;
  const oneDay = values.span === 'today' || values.span === 'yesterday';
  // The server leaves out what is usual, so that no interval means days.
  const interval = kept && changed?.span === values.span ? (kept.interval ?? 'day') : oneDay ? 'hour' : 'day';
  const asked = { interval, by: values.by, queue: values.queue, team: values.team, agent: values.agent };
  return {
    name: values.name.trim(),
    report: values.report,
    query: Object.fromEntries(Object.entries({ ...kept, ...asked }).filter(([, value]) => value !== '')),
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
