/** What the forms offer to choose from: skills, teams and groups, people. */

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
