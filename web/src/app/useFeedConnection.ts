/** Opens the feed for the signed-in person and closes it with the shell. */

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { SESSION_KEY } from '../api/session.ts';
import type { FeedMessage } from '../api/types.ts';
import { FeedConnection } from '../feed/connection.ts';
import { heard, receive, setConnection } from '../feed/store.ts';
import { serverNow, synchronise } from '../time/clock.ts';
import { tellOfMessage } from './messageLeft.ts';
import { ringFor, stopRinging } from './ringing.ts';

export function useFeedConnection(userId: number): void {
  const queries = useQueryClient();
  // A session that has ended shows as 401 there, and the sign-in page takes over.
  useFeedOf('/ws/events', String(userId), () => void queries.invalidateQueries({ queryKey: SESSION_KEY }));
}

/** Keeps a feed open for as long as the component is there; another `viewer` is another connection. */
export function useFeedOf(path: string, viewer: string, onLost: () => void): void {
  const lost = useEffectEvent(onLost);
  useEffect(() => {
    const connection = new FeedConnection({
      openSocket: (url) => new WebSocket(url),
      baseUrl: location.origin.replace(/^http/, 'ws'),
      path,
      now: () => performance.now(),
      random: Math.random,
      onConnection: setConnection,
      onHeard: () => heard(serverNow()),
      onMessage: (message: FeedMessage) => {
        if (message.type === 'snapshot') synchronise(message.data.now);
        receive(message);
        ringFor(message);
        tellOfMessage(message);
      },
      onLost: () => lost(),
    });
    connection.start();
    return () => {
      connection.stop();
      stopRinging();
    };
  }, [path, viewer]);
}
