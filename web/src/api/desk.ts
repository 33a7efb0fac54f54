/** Requests of the desk: customers, work orders, knowledge, colleagues, inspection. */

import { answer, client, csrfHeader } from './client.ts';
import { problemFrom } from './problem.ts';
import type { components, paths } from './schema.d.ts';

type Schemas = components['schemas'];
type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never;

export type OrderRow = Schemas['OrderRow'];
export type OrderDetails = Schemas['OrderDetails'];
export type OrderState = OrderRow['state'];
export type OrderAction = Schemas['ActionBody']['action'];
export type OrderClock = Schemas['Clock'];
export type OrderPrefill = Schemas['OrderPrefill'];
export type TrailRow = Schemas['TrailRow'];
export type ActionBody = Schemas['ActionBody'];
export type NewOrderBody = Schemas['NewOrderBody'];
export type Urgency = NonNullable<NewOrderBody['urgency']>;
export type BoardCount = Schemas['BoardCount'];
export type DeskReference = Schemas['DeskReference'];
export type Category = Schemas['Category'];
export type CustomField = Schemas['CustomField'];
export type CustomerLine = Schemas['CustomerLine'];
export type CustomerRecord = Schemas['CustomerRecord'];
export type CustomerBody = Schemas['CustomerBody'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type ImportReport = Schemas['ImportReport'];
export type ArticleLine = Schemas['ArticleLine'];
export type Article = Schemas['Article'];
export type ArticleBody = Schemas['ArticleBody'];
export type ScriptStep = Schemas['ScriptStep'];
export type BulletinRow = Schemas['BulletinRow'];
export type BulletinBody = Schemas['BulletinBody'];
export type OutageBody = Schemas['OutageBody'];
export type StaffRow = Schemas['StaffRow'];
export type NoticeRow = Schemas['NoticeRow'];
export type TaskRow = Schemas['TaskRow'];
export type SheetRow = Schemas['SheetRow'];
export type InspectionRow = Schemas['InspectionRow'];
export type MarksBody = Schemas['MarksBody'];

export type OrderQuery = Query<'/api/work-orders'>;
export type ArticleQuery = Query<'/api/knowledge'>;
export type InspectionQuery = Query<'/api/inspections'>;

const order = (id: number) => ({ params: { path: { order_id: id } } });
const customer = (id: number) => ({ params: { path: { customer_id: id } } });
const article = (id: number) => ({ params: { path: { article_id: id } } });
const inspection = (id: number) => ({ params: { path: { inspection_id: id } } });

export const deskApi = {
  reference: () => answer(client.GET('/api/desk/reference')),

  orders: (query: OrderQuery) => answer(client.GET('/api/work-orders', { params: { query } })),
  order: (id: number) => answer(client.GET('/api/work-orders/{order_id}', order(id))),
  board: () => answer(client.GET('/api/work-orders/board')),
  prefill: (call: string) => answer(client.GET('/api/work-orders/prefill', { params: { query: { call } } })),
  repeats: (query: Query<'/api/work-orders/repeats'>) =>
    answer(client.GET('/api/work-orders/repeats', { params: { query } })),
  create: (body: NewOrderBody) => answer(client.POST('/api/work-orders', { body })),
  change: (id: number, body: Schemas['OrderChangeBody']) =>
    answer(client.PUT('/api/work-orders/{order_id}', { ...order(id), body })),
  act: (id: number, body: ActionBody) =>
    answer(client.POST('/api/work-orders/{order_id}/actions', { ...order(id), body })),
  callContact: (id: number) => answer(client.POST('/api/work-orders/{order_id}/call', order(id))),
  attach: (id: number, file: File) =>
    upload<Schemas['AttachmentRow']>(`/api/work-orders/${id}/attachments?name=${encodeURIComponent(file.name)}`, file),
  attachmentUrl: (id: number, attachment: string) =>
    `/api/work-orders/${id}/attachments/${encodeURIComponent(attachment)}`,
  exportUrl: (query: OrderQuery) => `/api/work-orders/export?${searchParams(query)}`,

  customers: (query: string, limit = 30) =>
    answer(client.GET('/api/customers/find', { params: { query: { query, limit } } })),
  customer: (id: number) => answer(client.GET('/api/customers/{customer_id}/record', customer(id))),
  history: (id: number, limit = 100) =>
    answer(
      client.GET('/api/customers/{customer_id}/history', { params: { path: { customer_id: id }, query: { limit } } }),
    ),
  addCustomer: (body: CustomerBody) => answer(client.POST('/api/customers', { body })),
  changeCustomer: (id: number, body: Schemas['CustomerChange']) =>
    answer(client.PUT('/api/customers/{customer_id}', { ...customer(id), body })),
  mergeCustomers: (keep: number, body: Schemas['CustomerMerge']) =>
    answer(client.POST('/api/customers/{customer_id}/merge', { ...customer(keep), body })),
  importCustomers: (file: File, write: boolean) =>
    upload<ImportReport>(`/api/customers/import?write=${String(write)}`, file),

  articles: (query: ArticleQuery) => answer(client.GET('/api/knowledge', { params: { query } })),
  topics: () => answer(client.GET('/api/knowledge/topics')),
  article: (id: number) => answer(client.GET('/api/knowledge/{article_id}', article(id))),
  articleVersions: (id: number) => answer(client.GET('/api/knowledge/{article_id}/versions', article(id))),
  saveArticle: (id: number | null, body: ArticleBody) =>
    id === null
      ? answer(client.POST('/api/knowledge', { body }))
      : answer(client.PUT('/api/knowledge/{article_id}', { ...article(id), body })),
  rateArticle: (id: number, helpful: boolean) =>
    answer(client.POST('/api/knowledge/{article_id}/rating', { ...article(id), body: { helpful } })),

  bulletins: (past: boolean) => answer(client.GET('/api/bulletins', { params: { query: { past } } })),
  saveBulletin: (id: number | null, body: BulletinBody) =>
    id === null
      ? answer(client.POST('/api/bulletins', { body }))
      : answer(client.PUT('/api/bulletins/{bulletin_id}', { params: { path: { bulletin_id: id } }, body })),
  withdrawBulletin: (id: number) =>
    answer(client.DELETE('/api/bulletins/{bulletin_id}', { params: { path: { bulletin_id: id } } })),
  declareOutage: (body: OutageBody) => answer(client.POST('/api/outages', { body })),

  staff: (words: string, unit: string) => answer(client.GET('/api/desk/staff', { params: { query: { words, unit } } })),
  dial: (number: string) =>
    answer(client.POST('/api/agents/me/calls', { body: { to: { kind: 'number', number, shown: '' } } })),

  notices: (unread: boolean) => answer(client.GET('/api/notices', { params: { query: { unread, limit: 100 } } })),
  markRead: (ids: number[]) => answer(client.POST('/api/notices/read', { body: { ids } })),
  sendMessage: (body: Schemas['MessageBody']) => answer(client.POST('/api/notices/message', { body })),
  tasks: (ended: boolean) => answer(client.GET('/api/tasks', { params: { query: { ended } } })),
  addTask: (body: Schemas['TaskBody']) => answer(client.POST('/api/tasks', { body })),
  endTask: (id: number, body: Schemas['TaskEnd']) =>
    answer(client.POST('/api/tasks/{task_id}/end', { params: { path: { task_id: id } }, body })),

  sheets: () => answer(client.GET('/api/inspections/sheets')),
  addSheet: (body: Schemas['SheetBody']) => answer(client.POST('/api/inspections/sheets', { body })),
  retireSheet: (id: number) =>
    answer(client.DELETE('/api/inspections/sheets/{sheet_id}', { params: { path: { sheet_id: id } } })),
  draw: (body: Schemas['DrawBody']) => answer(client.POST('/api/inspections/draw', { body })),
  inspections: (query: InspectionQuery) => answer(client.GET('/api/inspections', { params: { query } })),
  results: (from: number, to: number) =>
    answer(client.GET('/api/inspections/results', { params: { query: { from, to } } })),
  mark: (id: number, body: MarksBody) =>
    answer(client.POST('/api/inspections/{inspection_id}/marks', { ...inspection(id), body })),
  dispute: (id: number, body: Schemas['DisputeBody']) =>
    answer(client.POST('/api/inspections/{inspection_id}/dispute', { ...inspection(id), body })),
  settle: (id: number, body: MarksBody) =>
    answer(client.POST('/api/inspections/{inspection_id}/settlement', { ...inspection(id), body })),
};

function searchParams(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/** A file as the request's body, as it is. */
async function upload<Answered>(path: string, file: File): Promise<Answered> {
  const response = await fetch(path, { method: 'POST', body: file, headers: csrfHeader() });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemFrom(response.status, body);
  return body as Answered;
}
