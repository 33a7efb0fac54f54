/** Every request of the pages. Paths, parameters and bodies are checked against the server's own OpenAPI document. */

import createClient, { type Middleware } from 'openapi-fetch';
import { Problem, problemFrom } from './problem.ts';
import type { paths } from './schema.d.ts';
import type { Language, Presence } from './types.ts';

let csrfToken = '';

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRF-Token', csrfToken);
  },
  onError() {
    return new Problem('unreachable', 0);
  },
};

export const client = createClient<paths>({ baseUrl: location.origin });
client.use(csrf);

interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The answer's body, or a thrown Problem. */
export async function answer<Data>(request: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await request;
  if (!response.ok) throw problemFrom(response.status, error);
  return data as Data;
}

export type CallQuery = NonNullable<paths['/api/calls']['get']['parameters']['query']>;

const call = (callId: string) => ({ params: { path: { call_id: callId } } });

export const api = {
  session: () => answer(client.GET('/api/session')),
  signIn: (login: string, password: string) => answer(client.POST('/api/session', { body: { login, password } })),
  signOut: () => answer(client.DELETE('/api/session')),
  chooseLanguage: (language: Language) => answer(client.POST('/api/session/language', { body: { language } })),
  reference: () => answer(client.GET('/api/reference')),

  choosePresence: (presence: Presence, reason: string) =>
    answer(client.POST('/api/agents/me/presence', { body: { presence, reason } })),
  forcePresence: (agentId: number, presence: Presence, reason: string) =>
    answer(
      client.POST('/api/agents/{agent_id}/presence', {
        params: { path: { agent_id: agentId } },
        body: { presence, reason },
      }),
    ),
  finishWrapUp: () => answer(client.POST('/api/agents/me/wrap-up/finish')),
  extendWrapUp: (seconds: number) => answer(client.POST('/api/agents/me/wrap-up/extend', { body: { seconds } })),

  calls: (query: CallQuery) => answer(client.GET('/api/calls', { params: { query } })),
  call: (callId: string) => answer(client.GET('/api/calls/{call_id}', call(callId))),
  hangUp: (callId: string) => answer(client.POST('/api/calls/{call_id}/hang-up', call(callId))),
  explain: (callId: string) => answer(client.GET('/api/calls/{call_id}/explain', call(callId))),
  decisions: (callId: string) => answer(client.GET('/api/calls/{call_id}/decisions', call(callId))),
  chooseDisposition: (callId: string, code: string, note: string) =>
    answer(client.POST('/api/calls/{call_id}/disposition', { ...call(callId), body: { code, note } })),

  audioUrl: (recordingId: string) => `/api/recordings/${encodeURIComponent(recordingId)}/audio`,
};
