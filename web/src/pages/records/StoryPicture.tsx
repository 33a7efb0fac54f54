/** The course of one call as a picture: menus, waits, offers, conversation, transfers and recordings on one time line. */

import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReference } from '../../api/queries.ts';
import type { CallComment } from '../../api/records.ts';
import type { CallDetails } from '../../api/types.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { clockDuration, timeOfDay } from '../../time/format.ts';
import { type Bar, type BarTells, storyOf, ticks } from './story.ts';
import './story.css';

const ZOOMS = [1, 2, 4, 8] as const;
const TICKS = 6;

interface Props {
  call: CallDetails;
  comments: CallComment[];
  /** Server instant at which the recording is being heard; null: none is open. */
  heard: number | null;
  /** Asked to hear it from this instant. */
  onSeek: (instant: number) => void;
}

export function StoryPicture({ call, comments, heard, onSeek }: Props) {
  const { t } = useTranslation();
  const wordsOf = useBarWords();
  const [zoom, setZoom] = useState<number>(1);
  const story = storyOf(call);
  const length = story.end - story.begin;
  const percentOf = (instant: number): string => `${((instant - story.begin) / length) * 100}%`;

  return (
    <div className="story" style={{ '--zoom': zoom } as CSSProperties}>
      <div className="story__head">
        <h3>{t('records.timeline')}</h3>
        <div role="group" aria-label={t('records.zoom')} className="story__zoom">
          {ZOOMS.map((one) => (
            <button
              key={one}
              type="button"
              className="button button--small"
              aria-pressed={zoom === one}
              onClick={() => setZoom(one)}
            >
              {one}×
            </button>
          ))}
        </div>
      </div>
      <div className="story__scroll" tabIndex={0} role="region" aria-label={t('records.timeline')}>
        <div className="story__picture">
          <div className="story__axis" aria-hidden="true">
            {ticks(length, TICKS * zoom).map((seconds) => (
              <span key={seconds} style={{ left: `${(seconds / length) * 100}%` }}>
                {clockDuration(seconds)}
              </span>
            ))}
          </div>
          {story.lanes.map((lane) => (
            <section key={lane.id} className="story__lane" style={{ '--rows': lane.rows } as CSSProperties}>
              <h4>{t(`records.lanes.${lane.id}`)}</h4>
              <ul>
                {lane.bars.map((bar) => (
                  <BarItem
                    key={bar.key}
                    bar={bar}
                    words={wordsOf(bar.tells)}
                    left={percentOf(bar.from)}
                    width={`${((bar.until - bar.from) / length) * 100}%`}
                    room={((bar.wordsUntil - bar.from) / length) * 100}
                    onSeek={heard === null ? undefined : onSeek}
                  />
                ))}
              </ul>
            </section>
          ))}
          <Pins
            comments={comments.filter(({ position_s: at }) => at !== null && call.started_at + at <= story.end)}
            leftOf={(position) => percentOf(call.started_at + position)}
          />
          {heard !== null && heard >= story.begin && (
            <span className="story__cursor" style={{ left: percentOf(heard) }} aria-hidden="true" />
          )}
        </div>
      </div>
    </div>
  );
}

interface PinsProps {
  comments: CallComment[];
  leftOf: (position: number) => string;
}

/** Comments at the instants that they are about. */
function Pins({ comments, leftOf }: PinsProps) {
  const { t } = useTranslation();
  if (comments.length === 0) return null;
  return (
    <section className="story__lane" style={{ '--rows': 1 } as CSSProperties}>
      <h4>{t('records.lanes.comments')}</h4>
      <ul>
        {comments.map((comment) => (
          <li
            key={comment.id}
            className="story__bar story__pin"
            data-tone="wrap_up"
            style={{ left: leftOf(comment.position_s ?? 0), '--row': 0 } as CSSProperties}
            title={`${comment.author}: ${comment.text}`}
          >
            {comment.text}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface BarItemProps {
  bar: Bar;
  words: string;
  left: string;
  width: string;
  /** For its words, in hundredths of the picture. */
  room: number;
  onSeek: ((instant: number) => void) | undefined;
}

function BarItem({ bar, words, left, width, room, onSeek }: BarItemProps) {
  const told = `${timeOfDay(bar.from)} ${words} ${clockDuration(bar.until - bar.from)}`;
  return (
    <li
      className="story__bar"
      data-tone={bar.tone}
      data-what={bar.tells.what === 'segment' ? bar.tells.segment.kind : bar.tells.what}
      style={{ left, width, '--row': bar.row, '--room': room } as CSSProperties}
      title={told}
      onClick={onSeek && (() => onSeek(bar.from))}
    >
      <span className="story__words" aria-hidden="true">
        {words}
      </span>
      <span className="visually-hidden">{told}</span>
    </li>
  );
}

/** What a bar says, in the language of the page. */
function useBarWords(): (tells: BarTells) => string {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const localized = useLocalized();
  const reference = useReference();
  const joined = (...words: string[]): string => words.filter((word) => word !== '').join(' · ');
  return (tells) => {
    switch (tells.what) {
      case 'node':
        return localized(reference?.nodes[tells.flow]?.[tells.node], tells.node);
      case 'segment': {
        const { kind, queue_id: queueId = '', agent, outcome = '' } = tells.segment;
        const queue = reference?.queues.find(({ id }) => id === queueId);
        if (kind === 'queue') return joined(localized(queue?.name, queueId), codeWord('stay', outcome));
        return joined(codeWord('segment', kind), agent ? `${agent.name} ${agent.number}` : '');
      }
      case 'offer': {
        const { agent, outcome, cause } = tells.offer;
        return joined(
          `${agent.name} ${agent.number}`,
          codeWord('offerOutcome', outcome),
          cause === '' ? '' : codeWord('refusal', cause),
        );
      }
      case 'transfer': {
        const { kind, target, target_kind: targetKind, outcome } = tells.transfer;
        const queue = reference?.queues.find(({ id }) => id === target);
        const where = targetKind === 'queue' ? localized(queue?.name, target) : target;
        return joined(`${codeWord('transfer', kind)} → ${where}`, codeWord('transferOutcome', outcome));
      }
      case 'recording':
        return t('records.recording');
    }
  };
}
