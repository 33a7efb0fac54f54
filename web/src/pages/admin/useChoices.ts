/** What the forms offer to choose from: skills, teams and groups, people. */

import { useQuery } from '@tanstack/react-query';
import { answer, client } from '../../api/client.ts';
import { useConfig } from '../../api/config.ts';
import { useLocalized } from '../../i18n/words.ts';
import type { Choice } from './fields.tsx';
import { stringOr, tree } from './options.ts';

export function useChoices(): { skills: Choice[]; teams: Choice[]; groups: Choice[] } {
  const localized = useLocalized();
  const skills = (useConfig('skills').data ?? []).map(({ id, name }) => ({ value: id, name: localized(name, id) }));
  const teams = (useConfig('teams').data ?? []).map(({ id, name }) => ({ value: id, name: localized(name, id) }));
  const named = new Set<string>();
  for (const { options } of useConfig('agents').data ?? []) {
    const groups = tree(options).groups;
    if (Array.isArray(groups)) for (const group of groups) named.add(stringOr(group, ''));
  }
  const others = [...named].filter((group) => !teams.some(({ value }) => value === group));
  return { skills, teams, groups: [...teams, ...others.map((value) => ({ value, name: value }))] };
}

/** Names of the calendars that a queue may keep to: those made on the pages and those of lines.yaml. */
export function useCalendars(): string[] {
  const { data } = useQuery({ queryKey: ['calendars'], queryFn: () => answer(client.GET('/api/calendars')) });
  return data?.in_force ?? [];
}
