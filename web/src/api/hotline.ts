/** What is switched and planned from day to day: announcements, opening hours, recorded prompts. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, client, csrfHeader } from './client.ts';
import { problemFrom } from './problem.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Announcement = Schemas['Announcement'];
export type CalendarSetup = Schemas['CalendarSetup'];
export type PromptLine = Schemas['PromptLine'];
export type ShiftSetup = Schemas['ShiftSetup'];
export type PromptRow = Schemas['PromptRow'];

const announcementId = (id: number) => ({ params: { path: { announcement_id: id } } });
const calendarName = (name: string) => ({ params: { path: { calendar: name } } });
const promptPath = (prompt: string, language: string): string =>
  `/api/prompts/${encodeURIComponent(prompt)}/${encodeURIComponent(language)}`;

export const hotline = {
  announcements: () => answer(client.GET('/api/announcements')),
  putAnnouncement: ({ id, ...body }: Announcement) =>
    id === 0
      ? answer(client.POST('/api/announcements', { body: { ...body, version: 0 } as never }))
      : answer(client.PUT('/api/announcements/{announcement_id}', { ...announcementId(id), body: body as never })),
  deleteAnnouncement: (id: number) => answer(client.DELETE('/api/announcements/{announcement_id}', announcementId(id))),

  calendars: () => answer(client.GET('/api/calendars')),
  putCalendar: ({ name, ...body }: CalendarSetup) =>
    answer(client.PUT('/api/calendars/{calendar}', { ...calendarName(name), body: body as never })),
  deleteCalendar: (name: string) => answer(client.DELETE('/api/calendars/{calendar}', calendarName(name))),

  putShift: ({ name, hours }: ShiftSetup) =>
    answer(client.PUT('/api/shifts/{shift}', { params: { path: { shift: name } }, body: { hours } as never })),
  deleteShift: (name: string) => answer(client.DELETE('/api/shifts/{shift}', { params: { path: { shift: name } } })),
  /** From one ISO day to another. */
  duties: (from: string, to: string) => answer(client.GET('/api/duties', { params: { query: { from, to } } })),
  putDuties: (day: string, shifts: Record<string, number[]>) =>
    answer(client.PUT('/api/duties/{day}', { params: { path: { day } }, body: { shifts } })),

  prompts: () => answer(client.GET('/api/prompts')),
  uploadPrompt: async (prompt: string, language: string, file: Blob): Promise<PromptRow> => {
    const response = await fetch(promptPath(prompt, language), { method: 'POST', body: file, headers: csrfHeader() });
    const told: unknown = await response.json();
    if (!response.ok) throw problemFrom(response.status, told);
    return told as PromptRow;
  },
  deletePrompt: (prompt: string, language: string) =>
    answer(client.DELETE('/api/prompts/{prompt}/{language}', { params: { path: { prompt, language } } })),
  restorePrompt: (prompt: string, language: string, version: number) =>
    answer(
      client.POST('/api/prompts/{prompt}/{language}/restore', {
        params: { path: { prompt, language } },
        body: { version, note: '' },
      }),
    ),
  soundUrl: (prompt: string, language: string, version: number): string =>
    `${promptPath(prompt, language)}/sound?version=${String(version)}`,
};

export const useAnnouncements = () =>
  useQuery({ queryKey: ['config', 'announcements'], queryFn: hotline.announcements });
export const useCalendars = () => useQuery({ queryKey: ['config', 'calendars'], queryFn: hotline.calendars });
export const useDuties = (from: string, to: string) =>
  useQuery({ queryKey: ['config', 'duties', from, to], queryFn: () => hotline.duties(from, to) });
export const usePrompts = () => useQuery({ queryKey: ['config', 'prompts'], queryFn: hotline.prompts });

export function usePromptsChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['config', 'prompts'] });
}
