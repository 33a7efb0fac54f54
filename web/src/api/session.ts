/** Who is signed in, and what that role may see. */

import { createContext, useContext } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, setCsrfToken } from './client.ts';
import { asProblem } from './problem.ts';
import type { Role, Session } from './types.ts';
import { suggestLanguage } from '../app/preferences.ts';
import { forgetCentre } from '../feed/store.ts';
import { synchronise } from '../time/clock.ts';
import { setZone } from '../time/zone.ts';

export const SESSION_KEY = ['session'] as const;

function adopt(session: Session): Session {
  setCsrfToken(session.csrf_token);
  synchronise(session.server_time);
  setZone(session.timezone);
  suggestLanguage(session.user.language);
  return session;
}

/** `data` is null when nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async () => {
      try {
        return adopt(await api.session());
      } catch (error) {
        if (asProblem(error).status === 401) return null;
        throw error;
      }
    },
    staleTime: Infinity,
    retry: 2,
  });
}

/** Filled by the frame of all signed-in pages: while these are on the screen there is a session, even as it ends. */
export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of the signed-in pages');
  return session;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (form: { login: string; password: string }) => adopt(await api.signIn(form.login, form.password)),
    onSuccess: (session) => queries.setQueryData(SESSION_KEY, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: api.signOut,
    onSuccess: () => {
      forgetCentre();
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
      queries.setQueryData(SESSION_KEY, null);
    },
  });
}

/** May set up queues, people and words. */
export const mayOperate = (role: Role): boolean => role === 'ops' || role === 'admin';

export const maySupervise = (role: Role): boolean => role === 'supervisor' || role === 'ops' || role === 'admin';

/** Sends orders to units, reviews what they answer. */
export const mayDispatch = (role: Role): boolean => role === 'dispatcher' || maySupervise(role);

/** Works in the field: sees the orders of the own unit, on a phone. */
export const worksInField = (role: Role): boolean => role === 'field';

/** Those of the call centre, who have queues, calls and records. */
export const inCentre = (role: Role): boolean => role === 'agent' || maySupervise(role);

export const mayEditFlows = (role: Role): boolean => role === 'ops' || role === 'admin';
