/** Reports that leave by mail by themselves. */

import { useQuery } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './schema.d.ts';

export type Schedule = components['schemas']['Schedule'];
export type ScheduleDraft = components['schemas']['ScheduleBody'];

const schedule = (id: number) => ({ params: { path: { schedule_id: id } } });

export const schedules = {
  list: () => answer(client.GET('/api/report-schedules')),
  add: (body: ScheduleDraft) => answer(client.POST('/api/report-schedules', { body })),
  change: (id: number, body: ScheduleDraft) =>
    answer(client.PUT('/api/report-schedules/{schedule_id}', { ...schedule(id), body })),
  remove: (id: number) => answer(client.DELETE('/api/report-schedules/{schedule_id}', schedule(id))),
  send: (id: number) => answer(client.POST('/api/report-schedules/{schedule_id}/send', schedule(id))),
};

export const SCHEDULES_KEY = ['report-schedules'] as const;

export const useSchedules = () =>
  useQuery({ queryKey: SCHEDULES_KEY, queryFn: schedules.list, refetchInterval: 15_000 });
