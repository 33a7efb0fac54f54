/** A screen on a wall that nobody signs in to: /board#TOKEN once, afterwards a cookie has it. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { boards, type Screen } from '../../api/boards.ts';
import { asProblem } from '../../api/problem.ts';
import { setPreferences } from '../../app/preferences.ts';
import { useFeedOf } from '../../app/useFeedConnection.ts';
import { useFeed } from '../../feed/store.ts';
import { synchronise } from '../../time/clock.ts';
import { setZone } from '../../time/zone.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { BoardScreen } from './BoardScreen.tsx';
import { useRotation } from './useRotation.ts';

const KEY = ['screen'] as const;
const AGAIN_MS = 30_000;

async function opened(): Promise<Screen> {
  const token = location.hash.slice(1);
  const screen = token === '' ? await boards.screen() : await boards.openScreen(token);
  // The address bar of a public screen is no place for a key.
  if (token !== '') history.replaceState(null, '', location.pathname);
  synchronise(screen.server_time);
  setZone(screen.timezone);
  setPreferences(screen.language, screen.theme);
  return screen;
}

export default function WallScreen() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: opened,
    retry: false,
    staleTime: Infinity,
    // A screen that was switched on before its server tries again by itself.
    refetchInterval: ({ state }) => (state.data === undefined ? AGAIN_MS : false),
  });
  if (data !== undefined) return <Boards screen={data} />;
  if (error === null) return <LoadingState />;
  if (asProblem(error).status === 401) return <EmptyState text={t('wallboard.linkOver')} />;
  return <ErrorState error={error} onRetry={() => void refetch()} />;
}

function Boards({ screen }: { screen: Screen }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const reread = (): void => void queries.resetQueries({ queryKey: KEY });
  useFeedOf('/ws/board', 'screen', reread);
  const version = useFeed((state) => state.boardsVersion);
  useEffect(() => {
    if (version > 0) void queries.invalidateQueries({ queryKey: KEY });
  }, [version, queries]);
  const turn = useRotation(screen.boards, screen.boards.length > 1);
  const board = screen.boards.find(({ id }) => id === turn) ?? screen.boards[0];
  if (board === undefined) return <EmptyState text={t('wallboard.boardsGone')} />;
  return (
    <BoardScreen board={board} figures={screen.figures} screen showsAgents={screen.tiles} mayAcknowledge={false} />
  );
}
