/** Wallboards: how they are set up, links for screens, alerts. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useFeed } from '../feed/store.ts';
import { answer, client } from './client.ts';
import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Board = Schemas['Board'];
export type FigureRule = Schemas['FigureRule'];
export type BoardFigure = Schemas['BoardFigure'];
export type BoardLink = Schemas['BoardLink'];
export type Bulletin = Schemas['BulletinLine'];
export type Screen = Schemas['Screen'];
export type NewLink = Schemas['LinkBody'];

const boardId = (id: string) => ({ params: { path: { board_id: id } } });

export const boards = {
  list: () => answer(client.GET('/api/boards')),
  put: ({ id, ...body }: Board) =>
    answer(client.PUT('/api/boards/{board_id}', { ...boardId(id), body: body as never })),
  remove: (id: string) => answer(client.DELETE('/api/boards/{board_id}', boardId(id))),
  links: () => answer(client.GET('/api/board-links')),
  addLink: (body: NewLink) => answer(client.POST('/api/board-links', { body })),
  revokeLink: (id: number) =>
    answer(client.DELETE('/api/board-links/{link_id}', { params: { path: { link_id: id } } })),
  bulletins: () => answer(client.GET('/api/board-bulletins')),
  acknowledge: (id: string, note: string) =>
    answer(client.POST('/api/alerts/{alert_id}/acknowledge', { params: { path: { alert_id: id } }, body: { note } })),
  openScreen: (token: string) => answer(client.POST('/api/board', { body: { token } })),
  screen: () => answer(client.GET('/api/board')),
  screenBulletins: () => answer(client.GET('/api/board/bulletins')),
};

const BOARDS_KEY = ['config', 'boards'] as const;
const BULLETINS_EVERY_MS = 30_000;

/** All wallboards; read again when the feed says that they were changed. */
export function useBoards() {
  const version = useFeed((state) => state.boardsVersion);
  const queries = useQueryClient();
  useEffect(() => {
    if (version > 0) void queries.invalidateQueries({ queryKey: BOARDS_KEY });
  }, [version, queries]);
  return useQuery({ queryKey: BOARDS_KEY, queryFn: boards.list, staleTime: 60_000 });
}

export const useBoardLinks = () => useQuery({ queryKey: ['config', 'board-links'], queryFn: boards.links });

/** `screen`: asked with a link's token instead of a session. */
export function useBoardBulletins(screen: boolean) {
  return useQuery({
    queryKey: ['board-bulletins', screen],
    queryFn: screen ? boards.screenBulletins : boards.bulletins,
    refetchInterval: BULLETINS_EVERY_MS,
    refetchIntervalInBackground: true,
  });
}
