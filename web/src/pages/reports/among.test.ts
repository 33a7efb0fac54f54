import { expect, test } from 'vitest';
import { type Among, counted, type Filter } from './among.ts';

const kind = (id: string, filters: Filter[]) => ({ id, name: {}, by: [], filters, figures: [] });
const KINDS = [kind('calls', ['queue', 'team', 'agent', 'dialled']), kind('traffic', ['queue']), kind('ivr', [])];
const EVERYTHING: Among = { queue: 'repairs,bills', team: 'east', agent: '1,2', dialled: '96100' };
const of = (report: string) => counted({ report, by: 'queue', ...EVERYTHING }, KINDS);

test('of each report only the filters remain that it counts', () => {
  expect(of('calls')).toEqual({ report: 'calls', by: 'queue', ...EVERYTHING });
  expect(of('traffic')).toMatchObject({ by: 'queue', queue: 'repairs,bills', team: '', agent: '', dialled: '' });
  expect(of('ivr')).toMatchObject({ queue: '', team: '', agent: '', dialled: '' });
});

test('what stands among the reports without being one keeps them', () => {
  expect(of('schedules')).toMatchObject(EVERYTHING);
});
