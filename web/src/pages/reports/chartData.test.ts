import { expect, test } from 'vitest';
import { chartData } from './chartData.ts';
import type { ReportView } from './figures.ts';

const DAY = 86_400;
const MONDAY = Date.parse('2026-11-16T00:00:00+08:00') / 1000;

function view(part: Partial<ReportView>): ReportView {
  const row = (day: number, key: string, offered: number) => ({
    start: MONDAY + day * DAY,
    end: MONDAY + (day + 1) * DAY,
    key,
    values: { offered },
  });
  return {
    report: 'traffic',
    by: 'queue',
    interval: 'day',
    booking: 'event',
    formula: 'SL1',
    timezone: 'Asia/Shanghai',
    columns: [{ id: 'offered', unit: 'count', formula: 'entries', name: { en: 'Offered' } }],
    names: { a: { en: 'Bills' } },
    part: {
      since: MONDAY,
      until: MONDAY + 2 * DAY,
      rows: [row(0, 'a', 5), row(0, 'b', 9), row(1, 'b', 2)],
      totals: row(0, '', 16),
    },
    ...part,
  };
}

test('over time each group is a line, the greatest first, with gaps where it has nothing', () => {
  expect(chartData(view({}), 'offered', 'en', 'before')).toEqual({
    labels: ['2026-11-16', '2026-11-17'],
    series: [
      { name: 'b', values: [9, 2], former: false },
      { name: 'Bills', values: [5, null], former: false },
    ],
  });
});

test('a total is a bar for each group, beside that of the other span', () => {
  const rows = [
    { start: MONDAY, end: MONDAY + DAY, key: 'a', values: { offered: 5 } },
    { start: MONDAY, end: MONDAY + DAY, key: 'b', values: { offered: 9 } },
  ];
  const earlier = { start: MONDAY - DAY, end: MONDAY, key: 'a', values: { offered: 4 } };
  const part = { ...view({}).part, rows };
  const compared = { ...part, rows: [earlier] };
  expect(chartData(view({ interval: 'total', part, compared }), 'offered', 'en', 'before')).toEqual({
    labels: ['b', 'Bills'],
    series: [
      { name: '', values: [9, 5], former: false },
      { name: 'before', values: [null, 4], former: true },
    ],
  });
});
