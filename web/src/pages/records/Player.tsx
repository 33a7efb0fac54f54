/** Both sides of a conversation, one wave above the other, over the browser's own audio element (which asks in ranges). */

import { PauseCircleFilled, PlayCircleFilled } from '../../ui/icons.ts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import WaveSurfer from 'wavesurfer.js';
import { usePreferences } from '../../app/preferences.ts';
import type { CallSegment } from '../../api/types.ts';
import { useCodeWord } from '../../i18n/words.ts';
import { clockDuration } from '../../time/format.ts';
import { asProblem } from '../../api/problem.ts';
import { ErrorState } from '../../ui/ListState.tsx';
import type { Tone } from '../../ui/tones.ts';

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

export interface PlayerProps {
  url: string;
  /** Server instant at which the recording begins. */
  startedAt: number;
  /** Stretches of the conversation, drawn over the waves. */
  stretches: CallSegment[];
  /** What is being heard, as a server instant. */
  onHeard: (instant: number) => void;
  /** The player can be sent to an instant from now on; null: it is closed. */
  onOpen: (seek: ((instant: number) => void) | null) => void;
}

export default function Player({ url, startedAt, stretches, onHeard, onOpen }: PlayerProps) {
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
    onOpen((instant) => {
      const element = audio.current;
      if (element !== null) element.currentTime = Math.max(0, instant - startedAt);
    });
    return () => onOpen(null);
  }, [onOpen, startedAt]);

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
        onTimeUpdate={(event) => {
          setAt(event.currentTarget.currentTime);
          onHeard(startedAt + event.currentTarget.currentTime);
        }}
        onDurationChange={(event) => setLength(event.currentTarget.duration)}
        onError={() => setFailure(asProblem(null))}
      />
      {failure !== null && <ErrorState error={failure} />}
      {Number.isFinite(length) && length > 0 && (
        <Stretches stretches={stretches} startedAt={startedAt} length={length} />
      )}
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
          aria-label={t('records.position')}
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

const STRETCH_TONE: Record<string, Tone> = { talk: 'talking', hold: 'break', pause: 'danger', consult: 'training' };

interface StretchesProps {
  stretches: CallSegment[];
  startedAt: number;
  length: number;
}

/** Talk, hold, paused recording and consultations, over the waves they belong to. */
function Stretches({ stretches, startedAt, length }: StretchesProps) {
  const codeWord = useCodeWord();
  const end = startedAt + length;
  const heard = stretches.filter(
    ({ kind, started_at, ended_at }) => kind in STRETCH_TONE && started_at < end && (ended_at ?? end) > startedAt,
  );
  return (
    <ul className="player__stretches">
      {heard.map((stretch) => {
        const from = Math.max(0, stretch.started_at - startedAt);
        const until = Math.min(length, (stretch.ended_at ?? end) - startedAt);
        return (
          <li
            key={`${stretch.kind}:${stretch.started_at}`}
            data-tone={STRETCH_TONE[stretch.kind]}
            data-kind={stretch.kind}
            style={{ left: `${(from / length) * 100}%`, width: `${((until - from) / length) * 100}%` }}
            title={`${codeWord('segment', stretch.kind)} ${clockDuration(until - from)}`}
          >
            {codeWord('segment', stretch.kind)}
          </li>
        );
      })}
    </ul>
  );
}
