/** The desk's words for codes of the server, and names of what orders mention by id. */

import { useTranslation } from 'react-i18next';
import type { DeskReference } from '../../api/desk.ts';
import { useDeskReference } from '../../api/deskQueries.ts';
import { useLocalized } from '../../i18n/words.ts';

export type DeskGroup =
  | 'state'
  | 'action'
  | 'stage'
  | 'urgency'
  | 'channel'
  | 'reason'
  | 'why'
  | 'field'
  | 'importProblem'
  | 'notice'
  | 'leftState'
  | 'problem';

/** The word for a code; the code itself where no word is known. */
export function useDeskWord(): (group: DeskGroup, code: string, params?: Record<string, unknown>) => string {
  const { t, i18n } = useTranslation();
  return (group, code, params = {}) => {
    const key = `desk.${group}.${code}`;
    // The key is built from a code of the server, so it cannot be among the typed ones.
    return i18n.exists(key) ? (t as (key: string, params: object) => string)(key, params) : code;
  };
}

interface Names {
  reference: DeskReference | undefined;
  unit: (id: string) => string;
  area: (id: string) => string;
  /** With the names of the levels above: 报修 / 漏水. */
  category: (id: string) => string;
}

export function useDeskNames(): Names {
  const { data: reference } = useDeskReference();
  const localized = useLocalized();
  const category = (id: string): string =>
    id
      .split('.')
      .map((_, at, parts) => parts.slice(0, at + 1).join('.'))
      .map((level) => localized(reference?.categories.find((one) => one.id === level)?.name, level.split('.').at(-1)))
      .join(' / ');
  return {
    reference,
    unit: (id) => localized(reference?.units.find((one) => one.id === id)?.name, id),
    area: (id) => localized(reference?.areas.find((one) => one.id === id)?.name, id),
    category,
  };
}
