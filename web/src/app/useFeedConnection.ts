/** Opens the feed for the signed-in person and closes it with the shell. */

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { SESSION_KEY } from '../api/session.ts';
import type { FeedMessage } from '../api/types.ts';
import { FeedConnection } from '../feed/connection.ts';
import { heard, receive, setConnection } from '../feed/store.ts';
import { serverNow, synchronise } from '../time/clock.ts';
import { tellOfMessage } from './messageLeft.ts';
import { ringFor, stopRinging } from './ringing.ts';

export function useFeedConnection(userId: number): void {
  const queries = useQueryClient();
  useEffect(() => {
    const connection = new FeedConnection({
      openSocket: (url) => new WebSocket(url),
      baseUrl: location.origin.replace(/^http/, 'ws'),
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
      // A session that has ended shows as 401 there, and the sign-in page takes over.
      onLost: () => void queries.invalidateQueries({ queryKey: SESSION_KEY }),
    });
    connection.start();
    return () => {
      connection.stop();
      stopRinging();
    };
  }, [queries, userId]);
}
