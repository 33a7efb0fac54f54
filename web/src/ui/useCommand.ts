/** Sends a command: pending at once, settled by the feed, and one clear message where it fails or stays unconfirmed. */

import { useTranslation } from 'react-i18next';
import { sendCommand, type PendingCommand } from '../feed/pending.ts';
import { showToast } from './toasts.ts';
import { useProblemText } from './useProblemText.ts';

interface Command {
  key: string;
  /** What the person asked for, in words, for the message. */
  action: string;
  isSettled: PendingCommand['isSettled'];
  send: () => Promise<unknown>;
}

export function useCommand(): (command: Command) => Promise<boolean> {
  const { t } = useTranslation();
  const problemText = useProblemText();
  return async ({ key, action, isSettled, send }) => {
    try {
      await sendCommand(key, isSettled, send, () => showToast('error', t('error.notConfirmed', { action })));
      return true;
    } catch (error) {
      showToast('error', problemText(error));
      return false;
    }
  };
}
