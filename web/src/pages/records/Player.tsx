/** Both sides of a conversation, one wave above the other, over the browser's own audio element (which asks in ranges). */

import { PauseCircleFilled, PlayCircleFilled } from '../../ui/icons.ts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import WaveSurfer from 'wavesurfer.js';
import { usePreferences } from '../../app/preferences.ts';
import { clockDuration } from '../../time/format.ts';
import { asProblem } from '../../api/problem.ts';
import { ErrorState } from '../../ui/ListState.tsx';

const SPEEDS = [1, 1.25, 1.5, 2];

export default function Player({ url }: { url: string }) {
  const { t } = useTranslation();
  const theme = usePreferences((state) => state.theme);
  const audio = useRef<HTMLAudioElement>(null);
  const waves = useRef<HTMLDivElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [failure, setFailure] = useState<unknown>(null);

  // Set here and not as a property: loading would begin before this component is on the page, and its events be missed.
  useEffect(() => {
    const element = audio.current;
    if (element === null) return;
    element.src = url;
    // A browser may want a click of its own first: then the button is there for it.
    element.play().catch(() => undefined);
  }, [url]);

  useEffect(() => {
    const element = audio.current;
    const box = waves.current;
    if (element === null || box === null) return;
    const colour = (name: string): string => getComputedStyle(box).getPropertyValue(name).trim();
    const surfer = WaveSurfer.create({
      container: box,
      media: element,
      height: 52,
      barWidth: 2,
      barGap: 1,
      normalize: true,
      cursorColor: colour('--text'),
      splitChannels: [
        { waveColor: colour('--line-strong'), progressColor: colour('--training') },
        { waveColor: colour('--line-strong'), progressColor: colour('--talking') },
      ],
    });
    surfer.on('error', (error) => setFailure(error));
    return () => surfer.destroy();
  }, [theme]);

  const toggle = (): void => {
    const element = audio.current;
    if (element === null) return;
    if (element.paused) void element.play();
    else element.pause();
  };

  return (
    <div className="player">
      <audio
        ref={audio}
        data-testid="recording-audio"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={(event) => setLength(event.currentTarget.duration)}
        onError={() => setFailure(asProblem(null))}
      />
      {failure !== null && <ErrorState error={failure} />}
      <div className="player__channels">
        <span>{t('records.caller_channel')}</span>
        <span>{t('records.agent_channel')}</span>
        <div ref={waves} className="player__waves" />
      </div>
      <div className="player__controls">
        <button
          type="button"
          className="icon-button player__toggle"
          aria-label={t(playing ? 'records.pause' : 'records.play')}
          onClick={toggle}
        >
          {playing ? <PauseCircleFilled /> : <PlayCircleFilled />}
        </button>
        <input
          type="range"
          className="player__seek"
          aria-label={t('records.range')}
          min={0}
          max={Number.isFinite(length) ? length : 0}
          step={0.1}
          value={at}
          onChange={(event) => {
            if (audio.current) audio.current.currentTime = Number(event.target.value);
          }}
        />
        <span className="player__time">
          {clockDuration(at)} / {Number.isFinite(length) ? clockDuration(length) : '–'}
        </span>
        <select
          className="field player__speed"
          aria-label={t('records.speed')}
          value={speed}
          onChange={(event) => {
            const next = Number(event.target.value);
            setSpeed(next);
            if (audio.current) audio.current.playbackRate = next;
          }}
        >
          {SPEEDS.map((one) => (
            <option key={one} value={one}>
              {one}×
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
