/** What pages read over HTTP, with one place for keys and freshness. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type CallQuery } from './client.ts';
import type { Reference } from './types.ts';
import { useFeed } from '../feed/store.ts';

const REFERENCE_KEY = ['reference'] as const;

/** Names of queues, reasons and dispositions; fetched again when the feed says that they changed. */
export function useReference(): Reference | undefined {
  const version = useFeed((state) => state.directoryVersion);
  const queries = useQueryClient();
  useEffect(() => {
    if (version > 1) void queries.invalidateQueries({ queryKey: REFERENCE_KEY });
  }, [version, queries]);
  return useQuery({ queryKey: REFERENCE_KEY, queryFn: api.reference, staleTime: Infinity }).data;
}

export function useCalls(query: CallQuery) {
  return useQuery({
    queryKey: ['calls', query],
    queryFn: () => api.calls(query),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}

export function useCall(callId: string) {
  return useQuery({ queryKey: ['call', callId], queryFn: () => api.call(callId), staleTime: 5_000 });
}

/** Who may be asked or sent a caller. Asked again and again only while somebody looks at it. */
export function useTargets({ wanted = true, live = false }: { wanted?: boolean; live?: boolean } = {}) {
  return useQuery({
    queryKey: ['targets'],
    queryFn: api.targets,
    enabled: wanted,
    staleTime: live ? 0 : 60_000,
    refetchInterval: live ? 2_500 : false,
  });
}

export function usePickups() {
  return useQuery({ queryKey: ['pickups'], queryFn: api.pickups, refetchInterval: 2_500, gcTime: 0 });
}

export function useDecisions(callId: string | null) {
  return useQuery({
    queryKey: ['decisions', callId],
    queryFn: () => api.decisions(callId ?? ''),
    enabled: callId !== null,
    gcTime: 0,
  });
}

export function useExplanation(callId: string | null) {
  return useQuery({
    queryKey: ['explain', callId],
    queryFn: () => api.explain(callId ?? ''),
    enabled: callId !== null,
    gcTime: 0,
  });
}
