/** The course of one call as a picture: each segment a bar on the call's own time line. */

import { useCodeWord } from '../../i18n/words.ts';
import type { CallSegment } from '../../api/types.ts';
import { clockDuration, timeOfDay } from '../../time/format.ts';
import type { Tone } from '../../ui/tones.ts';

const SEGMENT_TONE: Record<string, Tone> = {
  ivr: 'training',
  queue: 'break',
  ring: 'ringing',
  talk: 'talking',
  hold: 'neutral',
  wrap_up: 'wrap_up',
};
/** So short a segment would vanish otherwise, percent of the width. */
const NARROWEST = 0.8;

export function Timeline({ segments }: { segments: CallSegment[] }) {
  const codeWord = useCodeWord();
  if (segments.length === 0) return null;
  const begin = Math.min(...segments.map((segment) => segment.started_at));
  const end = Math.max(...segments.map((segment) => segment.ended_at ?? segment.started_at));
  const percentOf = (seconds: number): number => (end === begin ? 100 : (seconds / (end - begin)) * 100);
  return (
    <ol className="timeline">
      {segments.map((segment) => {
        const length = (segment.ended_at ?? segment.started_at) - segment.started_at;
        return (
          <li key={`${segment.kind}:${segment.started_at}`} data-tone={SEGMENT_TONE[segment.kind] ?? 'neutral'}>
            <time>{timeOfDay(segment.started_at)}</time>
            <span className="timeline__kind">{codeWord('segment', segment.kind)}</span>
            <span className="timeline__track" title={segment.detail}>
              <span
                className="timeline__bar"
                style={{
                  left: `${Math.min(100 - NARROWEST, percentOf(segment.started_at - begin))}%`,
                  width: `${Math.max(NARROWEST, percentOf(length))}%`,
                }}
              />
            </span>
            <span className="timeline__length">{clockDuration(length)}</span>
          </li>
        );
      })}
    </ol>
  );
}
