/** Words for values that come from the server: codes of open lists, and names that carry their own languages. */

import { useTranslation } from 'react-i18next';
import type { Localized } from '../api/types.ts';

/** `names[language]`, else zh-CN, else whatever there is, else `fallback`. Pure. */
export function inLanguage(names: Localized | undefined, language: string, fallback = ''): string {
  if (names === undefined) return fallback;
  return names[language] ?? names['zh-CN'] ?? Object.values(names)[0] ?? fallback;
}

export function useLocalized(): (names: Localized | undefined, fallback?: string) => string {
  const { i18n } = useTranslation();
  return (names, fallback = '') => inLanguage(names, i18n.language, fallback);
}

/** Groups of texts whose keys are codes from the server; a newer server may know more codes than these texts. */
export type CodeGroup =
  | 'decision'
  | 'decisionReason'
  | 'obstacle'
  | 'presence'
  | 'strategy'
  | 'outcome'
  | 'endedBy'
  | 'segment'
  | 'stay'
  | 'transfer'
  | 'transferOutcome'
  | 'direction'
  | 'error'
  | 'tag'
  | 'deliveryState'
  | 'mark'
  | 'offerOutcome'
  | 'refusal'
  | 'entered'
  | 'lookupReason'
  | 'partyState'
  | 'callbackOutcome';

/** The word for a code, or the code itself where no word is known: better a raw word than an empty cell. */
export function useCodeWord(): (group: CodeGroup, code: string) => string {
  const { t, i18n } = useTranslation();
  return (group, code) => {
    const key = `${group}.${code}`;
    // The key is built from a code of the server, so it cannot be among the typed ones.
    return i18n.exists(key) ? t(key as never) : code;
  };
}
