/** Does something and says where it was refused; the list is read again by the feed's message. */

import { useQueryClient } from '@tanstack/react-query';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';

export function useAct(topic: 'voicemail' | 'callback'): (work: () => Promise<unknown>) => Promise<boolean> {
  const queries = useQueryClient();
  const problemText = useProblemText();
  return async (work) => {
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ['desk', topic] });
      return true;
    } catch (error) {
      showToast('error', problemText(error));
      return false;
    }
  };
}
