/** One board, filling its screen. Sizes are in em of one root that follows the screen. */

import { FullscreenExitOutlined, FullscreenOutlined, MoonOutlined, SunOutlined } from '../../ui/icons.ts';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Board, BoardFigure } from '../../api/boards.ts';
import { ConnectionBadge, OfflineBanner } from '../../app/ConnectionBadge.tsx';
import { toggleTheme, usePreferences } from '../../app/preferences.ts';
import { useFeed } from '../../feed/store.ts';
import { useHotkeys } from '../../hotkeys/useHotkeys.ts';
import { useLocalized } from '../../i18n/words.ts';
import { useClock } from '../../time/clock.ts';
import { dateTimeSeconds } from '../../time/format.ts';
import { LoadingState } from '../../ui/ListState.tsx';
import { Agents } from './Agents.tsx';
import { Alerts } from './Alerts.tsx';
import { Bulletins } from './Bulletins.tsx';
import { KeyFigures } from './KeyFigures.tsx';
import { Queues } from './Queues.tsx';
import { Traffic } from './Traffic.tsx';
import { useNewBuild } from './newBuild.ts';
import './wallboard.css';

interface Props {
  board: Board;
  figures: readonly BoardFigure[];
  /** Shown under a link, without a user. */
  screen: boolean;
  showsAgents: boolean;
  mayAcknowledge: boolean;
  before?: ReactNode;
  tools?: ReactNode;
}

export function BoardScreen({ board, figures, screen, showsAgents, mayAcknowledge, before, tools }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const loaded = useFeed((state) => state.loaded);
  const view = useFeed((state) => state.boards[board.id]);
  const stale = useFeed((state) => state.connection === 'offline');
  const theme = usePreferences((state) => state.theme);
  const root = useRef<HTMLDivElement>(null);
  const full = useIsFullScreen();

  const toggleFullScreen = (): void => {
    void (document.fullscreenElement ? document.exitFullscreen() : root.current?.requestFullscreen());
  };
  useNewBuild();
  useHotkeys({ fullScreen: toggleFullScreen, theme: toggleTheme });

  const panels = board.panels ?? [];
  const has = (panel: (typeof panels)[number]): boolean => panels.includes(panel);
  const layout = ['queues', 'agents', 'traffic'].filter((panel) => has(panel as 'queues')).join(' ');
  return (
    <div ref={root} className="wallboard" data-testid="wallboard" data-board={board.id}>
      <header className="wb-header">
        {!full && before}
        <h1>{localized(board.name, board.id)}</h1>
        <span className="wb-clock">
          <Now />
        </span>
        <ConnectionBadge />
        {!full && tools}
        <button type="button" className="wb-tool" title="T" onClick={toggleTheme}>
          {theme === 'light' ? <MoonOutlined /> : <SunOutlined />}
          {t(theme === 'light' ? 'wallboard.dark' : 'wallboard.light')}
        </button>
        <button type="button" className="wb-tool" title="F" data-testid="wb-fullscreen" onClick={toggleFullScreen}>
          {full ? <FullscreenExitOutlined /> : <FullscreenOutlined />}
          {t(full ? 'wallboard.exitFullScreen' : 'wallboard.fullScreen')}
        </button>
      </header>
      <OfflineBanner />
      {has('alerts') && <Alerts board={board.id} figures={figures} mayAcknowledge={mayAcknowledge} />}
      {loaded && view !== undefined ? (
        <main className={stale ? 'wb-body stale' : 'wb-body'} data-layout={layout}>
          <KeyFigures board={board} view={view} figures={figures} />
          {has('queues') && <Queues ids={view.queues} />}
          {has('agents') && (
            <Agents counts={view.agents} teams={board.teams ?? []} members={view.members ?? []} tiles={showsAgents} />
          )}
          {has('traffic') && <Traffic points={view.traffic} />}
        </main>
      ) : (
        <LoadingState />
      )}
      {has('bulletins') && <Bulletins screen={screen} />}
    </div>
  );
}

function Now() {
  return useClock((clock) => dateTimeSeconds(clock.now));
}

function useIsFullScreen(): boolean {
  const [full, setFull] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const follow = (): void => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', follow);
    return () => document.removeEventListener('fullscreenchange', follow);
  }, []);
  return full;
}
