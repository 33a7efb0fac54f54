/** What the desk's pages read, by topic: the feed's "desk" messages say which topics to read again. */

import { keepPreviousData, useQuery, useQueryClient, type UseQueryOptions } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useFeed } from '../feed/store.ts';
import { deskApi, type ArticleQuery, type InspectionQuery, type OrderQuery } from './desk.ts';

export type Topic =
  'work_order' | 'bulletin' | 'knowledge' | 'notice' | 'task' | 'inspection' | 'reference' | 'customer';

/** A busy desk changes orders many times a second; a page reads them again at most this often. */
const SETTLE_MS = 800;
/** Changes of orders and tasks write notices too. */
const TOPICS_WITH_NOTICES = new Set(['work_order', 'task', 'inspection']);

const key = (topic: Topic, ...rest: unknown[]) => ['desk', topic, ...rest] as const;

/** Mounted once, in the frame of all signed-in pages. */
export function useDeskNews(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer = undefined;
      for (const topic of waiting)
        void queries.invalidateQueries({ queryKey: topic === '*' ? ['desk'] : ['desk', topic] });
      waiting.clear();
    };
    const stop = useFeed.subscribe((state, before) => {
      if (state.deskVersions === before.deskVersions) return;
      for (const [topic, version] of Object.entries(state.deskVersions)) {
        if (version === before.deskVersions[topic]) continue;
        waiting.add(topic);
        if (TOPICS_WITH_NOTICES.has(topic)) waiting.add('notice');
      }
      if (waiting.size > 0) timer ??= setTimeout(refresh, SETTLE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [queries]);
}

/** Forgets what is shown of these topics, so that it is read again now: after one's own change. */
export function useReadAgain(): (...topics: Topic[]) => void {
  const queries = useQueryClient();
  return (...topics) => {
    for (const topic of topics) void queries.invalidateQueries({ queryKey: ['desk', topic] });
  };
}

type Options = Pick<UseQueryOptions, 'enabled'>;

export const useDeskReference = () =>
  useQuery({ queryKey: key('reference'), queryFn: deskApi.reference, staleTime: 300_000 });

export const useOrders = (query: OrderQuery, options: Options = {}) =>
  useQuery({
    queryKey: key('work_order', 'list', query),
    queryFn: () => deskApi.orders(query),
    placeholderData: keepPreviousData,
    ...(options.enabled !== undefined && { enabled: options.enabled as boolean }),
  });

export const useOrder = (id: number) =>
  useQuery({ queryKey: key('work_order', 'one', id), queryFn: () => deskApi.order(id) });

export const orderKey = (id: number) => key('work_order', 'one', id);

export const useBoard = () => useQuery({ queryKey: key('work_order', 'board'), queryFn: deskApi.board });

export const usePrefill = (callId: string, known: string) =>
  useQuery({
    queryKey: key('work_order', 'prefill', callId, known),
    queryFn: () => deskApi.prefill(callId),
    enabled: callId !== '',
    retry: false,
    placeholderData: keepPreviousData,
  });

export const useCustomers = (words: string) =>
  useQuery({
    queryKey: key('customer', 'find', words),
    queryFn: () => deskApi.customers(words),
    enabled: words.trim() !== '',
    placeholderData: keepPreviousData,
  });

export const useCustomer = (id: number) =>
  useQuery({ queryKey: key('customer', 'one', id), queryFn: () => deskApi.customer(id) });

export const useHistory = (id: number) =>
  useQuery({ queryKey: key('customer', 'history', id), queryFn: () => deskApi.history(id) });

export const useArticles = (query: ArticleQuery) =>
  useQuery({
    queryKey: key('knowledge', 'list', query),
    queryFn: () => deskApi.articles(query),
    placeholderData: keepPreviousData,
  });

export const useTopics = () => useQuery({ queryKey: key('knowledge', 'topics'), queryFn: deskApi.topics });

/** Not read again by itself: each reading is counted, and somebody may be reading it aloud. */
export const useArticle = (id: number) =>
  useQuery({ queryKey: ['article', id], queryFn: () => deskApi.article(id), staleTime: 60_000 });

export const useArticleVersions = (id: number, shown: boolean) =>
  useQuery({ queryKey: key('knowledge', 'versions', id), queryFn: () => deskApi.articleVersions(id), enabled: shown });

export const useBulletins = (past = false) =>
  useQuery({ queryKey: key('bulletin', past), queryFn: () => deskApi.bulletins(past) });

export const useStaff = (words = '', unit = '') =>
  useQuery({
    queryKey: key('reference', 'staff', words, unit),
    queryFn: () => deskApi.staff(words, unit),
    placeholderData: keepPreviousData,
  });

export const useNotices = (unread: boolean) =>
  useQuery({ queryKey: key('notice', unread), queryFn: () => deskApi.notices(unread), refetchInterval: 60_000 });

export const useTasks = (ended: boolean) =>
  useQuery({ queryKey: key('task', ended), queryFn: () => deskApi.tasks(ended) });

export const useSheets = () => useQuery({ queryKey: key('inspection', 'sheets'), queryFn: deskApi.sheets });

export const useInspections = (query: InspectionQuery) =>
  useQuery({
    queryKey: key('inspection', 'list', query),
    queryFn: () => deskApi.inspections(query),
    placeholderData: keepPreviousData,
  });

export const useResults = (from: number, to: number, shown: boolean) =>
  useQuery({
    queryKey: key('inspection', 'results', from, to),
    queryFn: () => deskApi.results(from, to),
    enabled: shown,
  });
