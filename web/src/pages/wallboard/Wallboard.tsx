/** 大屏: the hotline at a glance from across the room. Sizes are in em of one root that follows the screen. */

import {
  ArrowLeftOutlined,
  FullscreenExitOutlined,
  FullscreenOutlined,
  MoonOutlined,
  SunOutlined,
} from '../../ui/icons.ts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ConnectionBadge, OfflineBanner } from '../../app/ConnectionBadge.tsx';
import { toggleTheme, usePreferences } from '../../app/preferences.ts';
import { useFeed } from '../../feed/store.ts';
import { useHotkeys } from '../../hotkeys/useHotkeys.ts';
import { useClock } from '../../time/clock.ts';
import { dateTimeSeconds } from '../../time/format.ts';
import { LoadingState } from '../../ui/ListState.tsx';
import { Agents } from './Agents.tsx';
import { KeyFigures } from './KeyFigures.tsx';
import { Queues } from './Queues.tsx';
import { Traffic } from './Traffic.tsx';
import { useNewBuild } from './newBuild.ts';
import './wallboard.css';

export default function Wallboard() {
  const { t } = useTranslation();
  const loaded = useFeed((state) => state.loaded);
  const stale = useFeed((state) => state.connection === 'offline');
  const theme = usePreferences((state) => state.theme);
  const board = useRef<HTMLDivElement>(null);
  const full = useIsFullScreen();

  const toggleFullScreen = (): void => {
    void (document.fullscreenElement ? document.exitFullscreen() : board.current?.requestFullscreen());
  };
  useNewBuild();
  useHotkeys({ fullScreen: toggleFullScreen, theme: toggleTheme });

  return (
    <div ref={board} className="wallboard" data-testid="wallboard">
      <header className="wb-header">
        {!full && (
          <Link className="wb-tool" to="/" aria-label={t('common.back')} title={t('common.back')}>
            <ArrowLeftOutlined />
          </Link>
        )}
        <h1>{t('wallboard.title')}</h1>
        <span className="wb-clock">
          <Now />
        </span>
        <ConnectionBadge />
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
      {loaded ? (
        <main className={stale ? 'wb-body stale' : 'wb-body'}>
          <KeyFigures />
          <Queues />
          <Agents />
          <Traffic />
        </main>
      ) : (
        <LoadingState />
      )}
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
