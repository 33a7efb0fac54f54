/** Every request of the pages. Paths, parameters and bodies are checked against the server's own OpenAPI document. */

import createClient, { type Middleware } from 'openapi-fetch';
import { Problem, problemFrom } from './problem.ts';
import type { components, paths } from './schema.d.ts';
import type { ConsultChoice, Language, Person, Presence, Target, WatchMode } from './types.ts';

let csrfToken = '';

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** For the few requests whose body is a file. */
export const csrfHeader = (): Record<string, string> => ({ 'X-CSRF-Token': csrfToken });

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

const watch = (watchId: string) => ({ params: { path: { watch_id: watchId } } });

type Body<Name extends keyof components['schemas']> = components['schemas'][Name];
type FlowChanges = Record<string, string | null>;
const flowFile = (file: string) => ({ params: { path: { file } } });
const flowId = (flow: string) => ({ params: { path: { flow_id: flow } } });

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

  phone: () => answer(client.GET('/api/phone')),
  choosePhone: (kind: 'desk' | 'browser') => answer(client.PUT('/api/phone', { body: { kind } })),
  targets: () => answer(client.GET('/api/targets')),
  pickups: () => answer(client.GET('/api/pickups')),
  hold: (callId: string, held: boolean) =>
    answer(client.POST('/api/calls/{call_id}/hold', { ...call(callId), body: { held } })),
  mute: (callId: string, party: string, muted: boolean) =>
    answer(client.POST('/api/calls/{call_id}/mute', { ...call(callId), body: { party, muted } })),
  sendDigits: (callId: string, digits: string) =>
    answer(client.POST('/api/calls/{call_id}/digits', { ...call(callId), body: { digits } })),
  playPiece: (callId: string, prompt: string, language: Language) =>
    answer(client.POST('/api/calls/{call_id}/piece', { ...call(callId), body: { prompt, language } })),
  pauseRecording: (callId: string, paused: boolean) =>
    answer(client.POST('/api/calls/{call_id}/recording', { ...call(callId), body: { paused } })),
  transfer: (callId: string, to: Target) =>
    answer(client.POST('/api/calls/{call_id}/transfer', { ...call(callId), body: { to } })),
  consult: (callId: string, to: Exclude<Target, { kind: 'flow' }>) =>
    answer(client.POST('/api/calls/{call_id}/consult', { ...call(callId), body: { to } })),
  chooseInConsult: (callId: string, choice: ConsultChoice) =>
    answer(client.PUT('/api/calls/{call_id}/consult', { ...call(callId), body: { choice } })),
  invite: (callId: string, to: Person) =>
    answer(client.POST('/api/calls/{call_id}/parties', { ...call(callId), body: { to } })),
  removeParty: (callId: string, party: string) =>
    answer(
      client.DELETE('/api/calls/{call_id}/parties/{party_id}', {
        params: { path: { call_id: callId, party_id: party } },
      }),
    ),
  leave: (callId: string) => answer(client.POST('/api/calls/{call_id}/leave', call(callId))),
  takeOver: (callId: string) => answer(client.POST('/api/calls/{call_id}/take-over', call(callId))),
  dial: (to: Person | null) => answer(client.POST('/api/agents/me/calls', { body: { to } })),
  moveToQueue: (callId: string, queueId: string) =>
    answer(client.POST('/api/calls/{call_id}/queue', { ...call(callId), body: { queue_id: queueId } })),
  setPriority: (callId: string, seconds: number) =>
    answer(client.POST('/api/calls/{call_id}/priority', { ...call(callId), body: { priority_s: seconds } })),

  askForHelp: (text: string) => answer(client.PUT('/api/agents/me/help', { body: { text } })),
  withdrawHelp: () => answer(client.DELETE('/api/agents/me/help')),
  answerHelp: (agentId: number) =>
    answer(client.POST('/api/agents/{agent_id}/help/answer', { params: { path: { agent_id: agentId } } })),
  broadcast: (text: string, team: string | null) => answer(client.POST('/api/broadcast', { body: { text, team } })),
  supervise: (agentId: number, mode: WatchMode, phone: string) =>
    answer(client.POST('/api/supervision', { body: { agent_id: agentId, mode, phone } })),
  changeWatch: (watchId: string, mode: WatchMode) =>
    answer(client.PUT('/api/supervision/{watch_id}', { ...watch(watchId), body: { mode } })),
  endWatch: (watchId: string) => answer(client.DELETE('/api/supervision/{watch_id}', watch(watchId))),

  flows: () => answer(client.GET('/api/flows')),
  flowFile: (file: string) => answer(client.GET('/api/flows/files/{file}', flowFile(file))),
  saveFlowDraft: (file: string, body: Body<'DraftText'>) =>
    answer(client.PUT('/api/flows/drafts/{file}', { ...flowFile(file), body })),
  dropFlowDraft: (file: string, revision: number) =>
    answer(client.DELETE('/api/flows/drafts/{file}', { params: { path: { file }, query: { revision } } })),
  checkFlows: (changes: FlowChanges) => answer(client.POST('/api/flows/check', { body: { changes } })),
  testFlows: (body: Body<'FlowTestRun'>) => answer(client.POST('/api/flows/test', { body })),
  walkFlow: (body: Body<'FlowWalk'>) => answer(client.POST('/api/flows/walk', { body })),
  drawFlow: (body: Body<'FlowDrawingOf'>) => answer(client.POST('/api/flows/drawing', { body })),
  flowDrawing: (flow: string) => answer(client.GET('/api/flows/{flow_id}/drawing', flowId(flow))),
  flowToday: (flow: string) => answer(client.GET('/api/flows/{flow_id}/today', flowId(flow))),
  flowSchema: (kind: 'flow' | 'lines') => answer(client.GET('/api/flows/schema', { params: { query: { kind } } })),
  flowReleases: () => answer(client.GET('/api/flows/releases', { params: { query: { page_size: 100 } } })),
  flowDifferences: (from: number, to: number) =>
    answer(client.GET('/api/flows/diff', { params: { query: { from, to } } })),
  publishFlows: (body: Body<'Publication'>) => answer(client.POST('/api/flows/publish', { body })),
  rollBackFlows: (body: Body<'GoingBack'>) => answer(client.POST('/api/flows/rollback', { body })),

  audioUrl: (recordingId: string) => `/api/recordings/${encodeURIComponent(recordingId)}/audio`,
};
