/** A party in words: the colleague's name and number, the queue that is asked, or the number outside. */

import { useReference } from '../../../api/queries.ts';
import type { PartyView } from '../../../api/types.ts';
import { useLocalized } from '../../../i18n/words.ts';

export function usePartyName(): (party: PartyView) => string {
  const localized = useLocalized();
  const reference = useReference();
  return (party) => {
    const queue = reference?.queues.find(({ id }) => id === party.number);
    if (party.agent_id === null && queue !== undefined) return localized(queue.name, queue.id);
    return [party.name, party.number].filter(Boolean).join(' ');
  };
}
