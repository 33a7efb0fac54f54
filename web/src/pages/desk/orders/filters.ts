/** The filters of the list of orders live in its address, so that a link or a reload shows the same orders. Pure. */

import type { OrderQuery } from '../../../api/desk.ts';

export const PAGE_SIZE = 50;

/** Kept as the texts of the address; empty: no filter. */
export const FILTERS = [
  'text',
  'state',
  'unit',
  'area',
  'urgency',
  'category',
  'view',
  'order_by',
  'from',
  'to',
  'page',
] as const;
export type OrderFilters = Record<(typeof FILTERS)[number], string>;

export const VIEWS = ['open', 'overdue', 'supervised', 'incident', 'all'] as const;
export type View = (typeof VIEWS)[number];

const URGENCIES = ['low', 'normal', 'high', 'critical'] as const;
const STATE = /^[a-z_,]*$/;
const CODE = /^[A-Za-z0-9_.-]*$/;

export function filtersFrom(search: URLSearchParams): OrderFilters {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, search.get(name) ?? ''])) as OrderFilters;
  // What somebody else wrote into the address means no filter.
  if (!STATE.test(filters.state)) filters.state = '';
  for (const name of ['unit', 'area', 'category'] as const) if (!CODE.test(filters[name])) filters[name] = '';
  if (!URGENCIES.some((one) => one === filters.urgency)) filters.urgency = '';
  if (!VIEWS.some((one) => one === filters.view)) filters.view = 'open';
  if (filters.order_by !== 'due') filters.order_by = '';
  for (const name of ['from', 'to', 'page'] as const) if (!/^\d{1,11}$/.test(filters[name])) filters[name] = '';
  return filters;
}

export function searchOf(filters: OrderFilters): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of FILTERS) {
    const value = filters[name];
    if (value !== '' && !(name === 'view' && value === 'open') && !(name === 'page' && value === '1')) {
      search.set(name, value);
    }
  }
  return search;
}

export const pageOf = (filters: OrderFilters): number => Math.min(200, Math.max(1, Number(filters.page || 1)));

/** Without paging: an export takes the same. */
export function conditionsOf(filters: OrderFilters): OrderQuery {
  const urgency = URGENCIES.find((one) => one === filters.urgency);
  // A state that somebody chose says itself whether it is open.
  const open = filters.view === 'open' && filters.state === '' && filters.text === '';
  return {
    ...(filters.text !== '' && { text: filters.text }),
    ...(filters.state !== '' && { state: filters.state }),
    ...(filters.unit !== '' && { unit: filters.unit }),
    ...(filters.area !== '' && { area: filters.area }),
    ...(filters.category !== '' && { category: filters.category }),
    ...(urgency && { urgency }),
    ...(open && { open: true }),
    ...(filters.view === 'overdue' && { overdue: true, open: true }),
    ...(filters.view === 'supervised' && { supervised: true, open: true }),
    ...(filters.view === 'incident' && { incident: true }),
    ...(filters.from !== '' && { from: Number(filters.from) }),
    ...(filters.to !== '' && { to: Number(filters.to) }),
    ...(filters.order_by === 'due' && { order_by: 'due' as const }),
  };
}

export const queryOf = (filters: OrderFilters): OrderQuery => ({
  ...conditionsOf(filters),
  page: pageOf(filters),
  page_size: PAGE_SIZE,
});
