/** Next week's forecast, and how agents kept to their shifts. */

import { useQuery } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './schema.d.ts';

export type WeekForecast = components['schemas']['WeekForecast'];

export const useForecast = (queue: string) =>
  useQuery({
    queryKey: ['forecast', queue],
    queryFn: () => answer(client.GET('/api/forecast', { params: { query: { queue } } })),
    enabled: queue !== '',
    staleTime: 300_000,
  });

export const useAdherence = (first: string, last: string) =>
  useQuery({
    queryKey: ['adherence', first, last],
    queryFn: () => answer(client.GET('/api/adherence', { params: { query: { first, last } } })),
    staleTime: 60_000,
  });
