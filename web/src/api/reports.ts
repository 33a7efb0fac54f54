/** Reports: what there is, and one of them as a table. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, client } from './client.ts';

export const useReportCatalogue = () =>
  useQuery({ queryKey: ['reports'], queryFn: () => answer(client.GET('/api/reports')), staleTime: 60_000 });

/** `query` was checked where it was made; the server refuses what it does not know. */
export const useReport = (report: string, query: Record<string, string | number>, wanted: boolean) =>
  useQuery({
    queryKey: ['report', report, query],
    queryFn: () => answer(client.GET('/api/reports/{report}', { params: { path: { report }, query: query as never } })),
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
