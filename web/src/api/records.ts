/** What people leave on records of calls, and the searches that they keep. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, client } from './client.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type CallComment = Schemas['CallComment'];
export type CallNotes = Schemas['CallNotes'];
export type SavedSearch = Schemas['SavedSearch'];
export type SearchDraft = Schemas['SavedSearchBody'];

const call = (id: string) => ({ params: { path: { call_id: id } } });
const comment = (id: string, commentId: number) => ({ params: { path: { call_id: id, comment_id: commentId } } });
const marked = (id: string, mark: string) => ({ params: { path: { call_id: id, mark } } });
const search = (id: number) => ({ params: { path: { search_id: id } } });

export const records = {
  notes: (id: string) => answer(client.GET('/api/calls/{call_id}/notes', call(id))),
  comment: (id: string, text: string, position: number | null) =>
    answer(client.POST('/api/calls/{call_id}/comments', { ...call(id), body: { text, position_s: position } })),
  changeComment: (id: string, one: CallComment, text: string) =>
    answer(
      client.PUT('/api/calls/{call_id}/comments/{comment_id}', {
        ...comment(id, one.id),
        body: { text, position_s: one.position_s },
      }),
    ),
  removeComment: (id: string, one: number) =>
    answer(client.DELETE('/api/calls/{call_id}/comments/{comment_id}', comment(id, one))),
  mark: (id: string, mark: string) => answer(client.PUT('/api/calls/{call_id}/marks/{mark}', marked(id, mark))),
  unmark: (id: string, mark: string) => answer(client.DELETE('/api/calls/{call_id}/marks/{mark}', marked(id, mark))),
  searches: () => answer(client.GET('/api/saved-searches')),
  keepSearch: (body: SearchDraft) => answer(client.POST('/api/saved-searches', { body })),
  changeSearch: (id: number, body: SearchDraft) =>
    answer(client.PUT('/api/saved-searches/{search_id}', { ...search(id), body })),
  removeSearch: (id: number) => answer(client.DELETE('/api/saved-searches/{search_id}', search(id))),
};

export const useNotes = (callId: string, wanted: boolean) =>
  useQuery({ queryKey: ['notes', callId], queryFn: () => records.notes(callId), enabled: wanted, staleTime: 5_000 });

const SEARCHES = ['saved-searches'] as const;

export const useSavedSearches = () => useQuery({ queryKey: SEARCHES, queryFn: records.searches, staleTime: 30_000 });

/** Reads again what a change of notes or searches shows in. */
export function useReadAgain(): (what: 'notes' | 'searches') => Promise<void> {
  const queries = useQueryClient();
  return async (what) => {
    const keys = what === 'notes' ? [['notes'], ['calls']] : [SEARCHES];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
