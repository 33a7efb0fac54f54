/** Messages, faxes, callbacks and answers of surveys: requests, and queries that the feed's "callers" messages renew. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components, paths } from './schema.d.ts';

type Schemas = components['schemas'];
export type VoicemailRow = Schemas['VoicemailRow'];
export type CallbackRow = Schemas['CallbackRow'];
export type FaxRow = Schemas['FaxRow'];
export type SurveyAnswerRow = Schemas['SurveyAnswerRow'];
export type BoxRow = Schemas['BoxRow'];
/** `pin` null: as it is, empty: none any more. The server's word is final on the rest. */
export type BoxBody = Omit<BoxRow, 'name' | 'has_pin'> & { pin: string | null };

type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? Q : never;
export type VoicemailQuery = NonNullable<Query<'/api/voicemails'>>;
export type CallbackQuery = NonNullable<Query<'/api/callbacks'>>;

const voicemail = (id: string) => ({ params: { path: { voicemail_id: id } } });
const callback = (id: string) => ({ params: { path: { callback_id: id } } });

export const callersApi = {
  voicemails: (query: VoicemailQuery) => answer(client.GET('/api/voicemails', { params: { query } })),
  voicemailUrl: (id: string) => `/api/voicemails/${encodeURIComponent(id)}/audio`,
  setHeard: (id: string, heard: boolean) =>
    answer(client.PUT('/api/voicemails/{voicemail_id}/heard', { ...voicemail(id), body: { heard } })),
  makeOrder: (id: string) =>
    answer(client.POST('/api/voicemails/{voicemail_id}/work-order', { ...voicemail(id), body: {} })),
  deleteVoicemail: (id: string) => answer(client.DELETE('/api/voicemails/{voicemail_id}', voicemail(id))),
  boxes: () => answer(client.GET('/api/message-boxes')),
  putBox: (box: string, body: BoxBody) =>
    answer(client.PUT('/api/message-boxes/{box}', { params: { path: { box } }, body: body as never })),
  deleteBox: (box: string) => answer(client.DELETE('/api/message-boxes/{box}', { params: { path: { box } } })),

  callbacks: (query: CallbackQuery) => answer(client.GET('/api/callbacks', { params: { query } })),
  addCallback: (body: Schemas['CallbackBody']) => answer(client.POST('/api/callbacks', { body })),
  endCallback: (id: string, status: 'done' | 'cancelled') =>
    answer(client.POST('/api/callbacks/{callback_id}/end', { ...callback(id), body: { status } })),

  faxes: (page: number) => answer(client.GET('/api/faxes', { params: { query: { page } } })),
  faxUrl: (id: string) => `/api/faxes/${encodeURIComponent(id)}/document`,
  answers: (page: number) => answer(client.GET('/api/survey-answers', { params: { query: { page } } })),
};

const SHARED = { placeholderData: keepPreviousData } as const;

export const useVoicemails = (query: VoicemailQuery) =>
  useQuery({ queryKey: ['desk', 'voicemail', query], queryFn: () => callersApi.voicemails(query), ...SHARED });

/** How many messages nobody has heard, of those that the viewer answers for. */
export const useNewMessages = (enabled: boolean): number =>
  useQuery({
    queryKey: ['desk', 'voicemail', 'count'],
    queryFn: () => callersApi.voicemails({ state: 'new', page_size: 1 }),
    enabled,
    retry: false,
  }).data?.new ?? 0;

export const useBoxes = () =>
  useQuery({ queryKey: ['config', 'message-boxes'], queryFn: callersApi.boxes, staleTime: 60_000 });

export const useCallbacks = (query: CallbackQuery) =>
  useQuery({ queryKey: ['desk', 'callback', query], queryFn: () => callersApi.callbacks(query), ...SHARED });

export const useFaxes = (page: number) =>
  useQuery({ queryKey: ['desk', 'fax', page], queryFn: () => callersApi.faxes(page), ...SHARED });

export const useAnswers = (page: number) =>
  useQuery({ queryKey: ['desk', 'survey', page], queryFn: () => callersApi.answers(page), ...SHARED });
