/** Among whose calls a report counts: queues, teams, agents and dialled numbers, where it counts these at all. Pure. */

import type { components } from '../../api/schema.d.ts';

type Kind = components['schemas']['ReportKind'];
export type Filter = Kind['filters'][number];

/** Ids separated by commas; empty: all. */
export type Among = Record<Filter, string>;

export const AMONG = ['queue', 'team', 'agent', 'dialled'] as const satisfies readonly Filter[];

/** Without the filters that the report does not count, which the server would refuse. What is no report keeps them. */
export function counted<Values extends Among & { report: string }>(values: Values, kinds: readonly Kind[]): Values {
  const kind = kinds.find(({ id }) => id === values.report);
  if (kind === undefined) return values;
  return { ...values, ...Object.fromEntries(AMONG.filter((name) => !kind.filters.includes(name)).map((n) => [n, ''])) };
}
