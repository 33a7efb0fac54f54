/** Setting up the desk: areas, units, categories, deadlines, staff, odd days of the calendar. */

import { useQuery } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import { deskApi } from './desk.ts';
import { hotline } from './hotline.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];
export type Area = Schemas['AreaName'];
export type Unit = Schemas['UnitName'];
export type Category = Schemas['Category'];
export type CustomFieldSetup = Schemas['CustomField'];
export type DeadlineRule = Schemas['DeadlineRule'];
export type EscalationRule = Schemas['EscalationRule'];
export type StaffPerson = Omit<Schemas['StaffRow'], 'login'>;
export type OddDay = Schemas['DaySetup'];
export type StageDue = Schemas['StageDue'];
export type DeskReference = Schemas['DeskReference'];
export interface Rules {
  deadlines: DeadlineRule[];
  escalations: EscalationRule[];
  version: string;
}

const path = (key: string) => ({ path: { area: key, unit: key, category: key } });
const seen = (key: string, version: string) => ({ params: { ...path(key), query: { version } } });

export const deskSettings = {
  putArea: ({ id, ...body }: Area) =>
    answer(client.PUT('/api/desk/areas/{area}', { params: path(id), body: body as never })),
  deleteArea: (id: string, version: string) => answer(client.DELETE('/api/desk/areas/{area}', seen(id, version))),
  putUnit: ({ id, ...body }: Unit) =>
    answer(client.PUT('/api/desk/units/{unit}', { params: path(id), body: body as never })),
  deleteUnit: (id: string, version: string) => answer(client.DELETE('/api/desk/units/{unit}', seen(id, version))),
  putCategory: ({ id, ...body }: Category) =>
    answer(client.PUT('/api/desk/categories/{category}', { params: path(id), body: body as never })),
  deleteCategory: (id: string, version: string) =>
    answer(client.DELETE('/api/desk/categories/{category}', seen(id, version))),
  putRules: (rules: Rules) => answer(client.PUT('/api/desk/rules', { body: rules as never })),
  preview: (query: { category: string; urgency: string; area: string; at: number }) =>
    answer(client.GET('/api/desk/rules/preview', { params: { query: query as never } })),
  staff: () => answer(client.GET('/api/desk/staff', { params: { query: { retired: true } } })),
  putStaff: ({ id, unit_id, version, ...body }: StaffPerson) => {
    const sent = { ...body, unit_id: unit_id === '' ? null : unit_id, version: version === '' ? null : version };
    return id === 0
      ? answer(client.POST('/api/desk/staff', { body: sent }))
      : answer(client.PUT('/api/desk/staff/{staff_id}', { params: { path: { staff_id: id } }, body: sent }));
  },
  putDay: ({ day, ...body }: OddDay) =>
    answer(client.PUT('/api/calendar-days/{day}', { params: { path: { day } }, body: body as never })),
  deleteDay: (day: string) => answer(client.DELETE('/api/calendar-days/{day}', { params: { path: { day } } })),
};

export const useDeskSetup = () => useQuery({ queryKey: ['config', 'desk'], queryFn: deskApi.reference });
export const useAllStaff = () => useQuery({ queryKey: ['config', 'staff'], queryFn: deskSettings.staff });
export const useOddDays = () => useQuery({ queryKey: ['config', 'calendars'], queryFn: hotline.calendars });
