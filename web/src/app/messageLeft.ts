/** Says that a caller left something, to those whom the server counts among the responsible. */

import i18next from 'i18next';
import type { FeedMessage } from '../api/types.ts';
import { showToast } from '../ui/toasts.ts';

export function tellOfMessage(message: FeedMessage): void {
  if (message.type !== 'message_left') return;
  const { topic, box, caller } = message.data;
  const what = topic === 'fax' ? 'callers.faxLeft' : 'callers.messageLeft';
  showToast('info', i18next.t(what, { box, caller: caller ?? '' }));
}
