/**
 * Tells the agent that a call rings, straight from the websocket's message: a hidden tab's timers are throttled to one
 * a minute, its messages are not.
 */

import i18next from 'i18next';
import { create } from 'zustand';
import type { FeedMessage } from '../api/types.ts';
import { usePreferences } from './preferences.ts';
import { useFeed } from '../feed/store.ts';

/** True when the browser refused to play because nobody has clicked on this page yet. */
export const useRinging = create<{ blocked: boolean }>(() => ({ blocked: false }));

const ringTone = (): HTMLAudioElement | null => document.querySelector<HTMLAudioElement>('#ring');

export function ringFor(message: FeedMessage): void {
  if (message.type !== 'pop' && message.type !== 'pop_closed' && message.type !== 'snapshot') return;
  const { pop } = useFeed.getState();
  if (pop?.state === 'ringing') startRinging(pop.caller_number || pop.caller_name);
  else stopRinging();
}

function startRinging(caller: string): void {
  document.title = `☎ ${i18next.t('callBar.ringing')} ${caller}`;
  const tone = ringTone();
  if (tone === null || !tone.paused || !usePreferences.getState().ringing) return;
  tone.currentTime = 0;
  tone.play().then(
    () => useRinging.setState({ blocked: false }),
    () => useRinging.setState({ blocked: true }),
  );
}

/** A click on the page is what the browser waits for before it plays anything; the next call will be heard. */
export function unblockRinging(): void {
  const tone = ringTone();
  if (tone === null) return;
  tone.play().then(
    () => {
      useRinging.setState({ blocked: false });
      if (useFeed.getState().pop?.state !== 'ringing') tone.pause();
    },
    () => useRinging.setState({ blocked: true }),
  );
}

export function stopRinging(): void {
  document.title = i18next.t('app.name');
  ringTone()?.pause();
}
