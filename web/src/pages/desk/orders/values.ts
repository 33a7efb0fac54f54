/** What an order's form holds, and the request made of it. Pure. */

import type { CustomField, NewOrderBody, OrderDetails, Urgency } from '../../../api/desk.ts';

export type Then = 'request_dispatch' | 'resolve_on_call' | 'merge' | 'accept' | 'draft';

export interface OrderValues {
  title: string;
  category: string;
  urgency: Urgency | '';
  area: string;
  text: string;
  wanted: string;
  contact_name: string;
  contact_number: string;
  confidential: boolean;
  customer_id: number | null;
  customer_name: string;
  address: string;
  fields: Record<string, unknown>;
  then: Then;
  solution: string;
  parent_id: number | null;
  parent_number: string;
  repeat_of: number | null;
  /** Sent with the order: a second click or a retry after an outage finds the order that the first one made. */
  key: string;
}

export const EMPTY_ORDER: OrderValues = {
  title: '',
  category: '',
  urgency: '',
  area: '',
  text: '',
  wanted: '',
  contact_name: '',
  contact_number: '',
  confidential: false,
  customer_id: null,
  customer_name: '',
  address: '',
  fields: {},
  then: 'request_dispatch',
  solution: '',
  parent_id: null,
  parent_number: '',
  repeat_of: null,
  key: '',
};

/** The name of the first field that must be filled in and is not; null: the form may be sent. */
export function firstMissing(values: OrderValues, fields: CustomField[]): string | null {
  if (values.title.trim() === '') return 'title';
  if (values.area === '' && values.customer_id === null) return 'area';
  if (values.then === 'resolve_on_call' && values.solution.trim() === '') return 'solution';
  const missing = fields.find(({ name, required = false }) => required && isBlank(values.fields[name]));
  return missing ? `fields.${missing.name}` : null;
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Only the fields of the chosen category: a draft may hold those of another. */
export function fittingFields(values: Record<string, unknown>, fields: CustomField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(({ name }) => !isBlank(values[name])).map(({ name }) => [name, values[name]]),
  );
}

export function newOrderBody(values: OrderValues, fields: CustomField[], callId: string): NewOrderBody {
  return {
    title: values.title.trim(),
    category: values.category,
    urgency: values.urgency === '' ? null : values.urgency,
    area: values.area,
    text: values.text.trim(),
    wanted: values.wanted.trim(),
    contact_name: values.contact_name.trim(),
    // A number that is shown masked is filled in by the server, from the call.
    contact_number: values.contact_number.includes('*') ? '' : values.contact_number.trim(),
    confidential: values.confidential,
    customer_id: values.customer_id,
    address: values.address.trim(),
    fields: fittingFields(values.fields, fields),
    repeat_of: values.repeat_of,
    channel: callId === '' ? 'counter' : 'call',
    call_ids: callId === '' ? [] : [callId],
    draft: values.then === 'draft',
    key: values.key,
    then: values.then === 'draft' || values.then === 'accept' ? '' : values.then,
    parent_id: values.then === 'merge' ? values.parent_id : null,
    solution: values.then === 'resolve_on_call' ? values.solution.trim() : '',
  };
}

export function valuesOf(order: OrderDetails): OrderValues {
  return {
    ...EMPTY_ORDER,
    title: order.title,
    category: order.category,
    urgency: order.urgency as Urgency,
    area: order.area,
    text: order.text,
    wanted: order.wanted,
    contact_name: order.contact_name,
    contact_number: order.contact_number,
    confidential: order.confidential,
    customer_id: order.customer?.id ?? null,
    customer_name: order.customer?.name ?? '',
    address: order.address,
    fields: order.fields,
  };
}
