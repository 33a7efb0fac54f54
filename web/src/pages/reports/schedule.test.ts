import { expect, test } from 'vitest';
import type { Schedule } from '../../api/schedules.ts';
import { draftOf, empty, usualInterval, valuesOf } from './schedule.ts';

const NOBODY = { queue: '', team: '', agent: '', dialled: '' };
const KEPT: Schedule = {
  ...{ id: 7, name: '话务周报', owner_id: 1, owner: '班长', report: 'calls', span: 'last_week', every: 'weekly' },
  ...{
    minute: 450,
    weekday: 5,
    month_day: 1,
    format: 'csv',
    language: 'zh-CN',
    enabled: false,
    next_at: 0,
    last: null,
  },
  recipients: ['a@example.com', 'b@example.com'],
  query: { by: 'queue', queue: 'repairs', dialled: '96100', interval: 'hour', formula: 'SL3', within_ms: 15_000 },
};

test('a new one begins with what the reports are filtered by, and asks for hours of one day', () => {
  const asked = { ...NOBODY, queue: 'repairs', report: 'schedules', by: 'team' };
  const values = { ...empty(asked), name: ' 日报 ', recipients: 'a@x.cn； b@x.cn,' };
  expect(draftOf(values, 'en', null)).toMatchObject({
    ...{
      name: '日报',
      report: 'traffic',
      minute: 480,
      language: 'en',
      enabled: true,
      recipients: ['a@x.cn', 'b@x.cn'],
    },
    query: { interval: 'hour', queue: 'repairs' },
  });
  expect(usualInterval('last_month')).toBe('day');
});

test('what is changed in nothing stays as it is, with what the form does not show', () => {
  const { name, report, span, every, minute, weekday, month_day, format, language, enabled, recipients, query } = KEPT;
  expect(draftOf(valuesOf(KEPT), 'en', KEPT)).toEqual({
    ...{ name, report, span, every, minute, weekday, month_day, format, language, enabled, recipients, query },
  });
});

test('of another report nothing hidden is kept, and a filter can be taken away', () => {
  const changed = { ...valuesOf(KEPT), report: 'agents', by: '', queue: '', dialled: '', formula: '', agent: '1,2' };
  expect(draftOf(changed, 'en', KEPT).query).toEqual({ interval: 'hour', agent: '1,2' });
  expect(draftOf({ ...valuesOf(KEPT), dialled: '' }, 'en', KEPT).query).not.toHaveProperty('dialled');
});

test('what a repeat call is is told only of the report of repeat calls', () => {
  const repeats = { ...empty(NOBODY), report: 'repeats', same: 'address', days: 3 };
  expect(draftOf(repeats, 'en', null).query).toEqual({ interval: 'hour', same: 'address', days: 3 });
  expect(draftOf({ ...repeats, report: 'calls' }, 'en', null).query).toEqual({ interval: 'hour' });
});
