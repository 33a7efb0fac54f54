/** Names for the shapes of the contract, generated from the server's OpenAPI document (`npm run types`). */

import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Session = Schemas['Session'];
export type AgentView = Schemas['AgentView'];
export type QueueView = Schemas['QueueView'];
export type LiveCallView = Schemas['LiveCallView'];
export type TotalsView = Schemas['TotalsView'];
export type TrafficPoint = Schemas['TrafficPoint'];
export type BoardView = Schemas['BoardView'];
export type TrunkView = Schemas['TrunkView'];
export type AlertView = Schemas['Alert'];
export type CentreSnapshot = Schemas['CentreSnapshot'];
export type ScreenPop = Schemas['ScreenPop'];
export type CustomerCard = Schemas['CustomerCard'];
export type OutsideCard = Schemas['OutsideCard'];
export type OutsideRow = Schemas['OutsideRow'];
export type LastContact = Schemas['LastContact'];
export type Reference = Schemas['Reference'];
export type CallRow = Schemas['CallRow'];
export type CallDetails = Schemas['CallDetails'];
export type CallSegment = Schemas['Segment'];
export type Explanation = Schemas['ExplanationView'];
export type Decision = Schemas['DecisionRow'];
export type RecordingRow = Schemas['RecordingRow'];
export type PartyView = Schemas['PartyView'];
export type WatchView = Schemas['WatchView'];
export type WatchMode = WatchView['mode'];
export type HelpView = Schemas['HelpView'];
export type BroadcastView = Schemas['BroadcastView'];
export type Targets = Schemas['Targets'];
export type Colleague = Schemas['ColleagueView'];
export type PickupView = Schemas['PickupView'];
/** Where a caller may be sent, and who may be asked or invited. */
export type Target = Schemas['TransferBody']['to'];
export type Person = Schemas['InviteBody']['to'];
export type ConsultChoice = Schemas['ConsultChoiceBody']['choice'];

export type FlowOverview = Schemas['FlowOverview'];
export type FlowFileRow = Schemas['FlowFileRow'];
export type FlowFileText = Schemas['FlowFileText'];
export type FlowError = Schemas['FlowError'];
export type FlowDrawing = Schemas['Drawing'];
export type FlowBox = Schemas['Box'];
export type FlowArrow = Schemas['Arrow'];
export type FlowPassages = Schemas['FlowPassages'];
export type Passage = Schemas['Passage'];
export type ReleaseRow = Schemas['ReleaseRow'];

export type Role = Session['user']['role'];
export type Language = Schemas['LanguageChoice']['language'];
export type Presence = AgentView['presence'];
export type Activity = AgentView['activity'];
export type CallPhase = LiveCallView['phase'];
/** One text in several languages: {"zh-CN": …, "en": …}. */
export type Localized = Record<string, string>;

/** One message of /ws/events: whole objects, numbered without gaps for this viewer. */
interface Envelope<Type extends string, Data> {
  epoch: string;
  seq: number;
  /** Server instant, seconds. */
  ts: number;
  type: Type;
  data: Data;
}

export type FeedMessage =
  | Envelope<'snapshot', CentreSnapshot>
  | Envelope<'agent', AgentView>
  | Envelope<'queue', QueueView>
  | Envelope<'call', LiveCallView>
  | Envelope<'call_removed', { id: string }>
  | Envelope<'totals', TotalsView>
  | Envelope<'pop', ScreenPop>
  | Envelope<'pop_closed', { call_id: string }>
  | Envelope<'watch', WatchView>
  | Envelope<'help', HelpView>
  | Envelope<'broadcast', BroadcastView>
  | Envelope<'board', BoardView>
  | Envelope<'alert', AlertView>
  | Envelope<'boards', object>
  | Envelope<'directory', object>
  | Envelope<'desk', { topic: string; id: number }>
  | Envelope<'callers', { topic: string; id: string }>
  | Envelope<'message_left', { topic: string; box: string; caller?: string }>
  | Envelope<'ping', unknown>;
