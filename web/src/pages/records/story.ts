/** One call laid out on its own time line: lanes of bars, with words left to the page. Pure. */

import type { CallDetails, CallSegment } from '../../api/types.ts';
import type { Tone } from '../../ui/tones.ts';

export type LaneId = 'menu' | 'queue' | 'offers' | 'call' | 'others' | 'recording';

/** What a bar tells; the page turns it into words. */
export type BarTells =
  | { what: 'node'; flow: string; node: string }
  | { what: 'segment'; segment: CallSegment }
  | { what: 'offer'; offer: CallDetails['offers'][number] }
  | { what: 'transfer'; transfer: NonNullable<CallDetails['transfers']>[number] }
  | { what: 'recording'; id: string };

export interface Bar {
  key: string;
  /** Server instants, seconds; `until` is where the picture ends for what goes on. */
  from: number;
  until: number;
  /** Line of the lane, from 0: bars that overlap lie below each other. */
  row: number;
  /** Where the next bar of its line begins, or the picture ends: the words of a short bar may reach so far. */
  wordsUntil: number;
  tone: Tone;
  tells: BarTells;
}

export interface Lane {
  id: LaneId;
  rows: number;
  bars: Bar[];
}

export interface Story {
  begin: number;
  end: number;
  lanes: Lane[];
}

const SEGMENT_TONE: Record<string, Tone> = {
  queue: 'break',
  ring: 'ringing',
  talk: 'talking',
  hold: 'neutral',
  pause: 'neutral',
  wrap_up: 'wrap_up',
  consult: 'training',
  conference: 'training',
};
const OFFER_TONE: Record<string, Tone> = { answered: 'ready', refused: 'danger', withdrawn: 'neutral' };
const LANE_OF_SEGMENT: Record<string, LaneId> = {
  queue: 'queue',
  talk: 'call',
  hold: 'call',
  wrap_up: 'call',
  ring: 'call',
  pause: 'others',
  consult: 'others',
  conference: 'others',
};
const LANES: LaneId[] = ['menu', 'queue', 'offers', 'call', 'others', 'recording'];

type Piece = Omit<Bar, 'row' | 'wordsUntil'> & { lane: LaneId };

export function storyOf(call: CallDetails): Story {
  const instants = [
    call.started_at,
    ...call.segments.flatMap(({ started_at, ended_at }) => [started_at, ended_at ?? started_at]),
    ...call.offers.flatMap(({ started_at, ended_at }) => [started_at, ended_at ?? started_at]),
    ...call.path.map(({ at }) => at),
    ...call.recordings.map((recording) => recording.started_at + recording.duration_ms / 1000),
    ...(call.ended_at === null ? [] : [call.ended_at]),
  ];
  const begin = Math.min(...instants);
  const end = Math.max(...instants, begin + 1);
  const pieces = [
    ...nodes(call, end),
    ...segments(call, end),
    ...offers(call, end),
    ...sent(call, end),
    ...sound(call),
  ];
  const lanes = LANES.map((id) =>
    stacked(
      id,
      pieces.filter(({ lane }) => lane === id),
      end,
    ),
  );
  return { begin, end, lanes: lanes.filter(({ bars }) => bars.length > 0) };
}

/** A node lasts until the next one, at most until the stretch of menus ends in which the caller was there. */
function nodes(call: CallDetails, end: number): Piece[] {
  return call.path.map((step, index) => {
    const next = call.path[index + 1]?.at ?? end;
    const stretch = call.segments.find(
      ({ kind, started_at, ended_at }) => kind === 'ivr' && started_at <= step.at && step.at <= (ended_at ?? end),
    );
    return {
      key: `node:${index}`,
      lane: 'menu',
      from: step.at,
      until: Math.max(step.at, Math.min(next, stretch?.ended_at ?? next)),
      tone: 'training',
      tells: { what: 'node', flow: step.flow, node: step.node },
    };
  });
}

function segments(call: CallDetails, end: number): Piece[] {
  return call.segments.flatMap((segment, index): Piece[] => {
    // Menus are drawn node by node, where their way is known.
    const lane = segment.kind === 'ivr' ? (call.path.length === 0 ? 'menu' : null) : LANE_OF_SEGMENT[segment.kind];
    if (lane === null || lane === undefined) return [];
    const piece: Piece = {
      key: `segment:${index}`,
      lane,
      from: segment.started_at,
      until: segment.ended_at ?? end,
      tone: SEGMENT_TONE[segment.kind] ?? 'training',
      tells: { what: 'segment', segment },
    };
    return [piece];
  });
}

function offers(call: CallDetails, end: number): Piece[] {
  return call.offers.map((offer, index) => ({
    key: `offer:${index}`,
    lane: 'offers',
    from: offer.started_at,
    until: offer.ended_at ?? end,
    tone: OFFER_TONE[offer.outcome] ?? 'ringing',
    tells: { what: 'offer', offer },
  }));
}

function sent(call: CallDetails, end: number): Piece[] {
  return (call.transfers ?? []).map((transfer, index) => ({
    key: `transfer:${index}`,
    lane: 'others',
    from: transfer.started_at,
    until: transfer.ended_at ?? end,
    tone: 'ringing',
    tells: { what: 'transfer', transfer },
  }));
}

function sound(call: CallDetails): Piece[] {
  return call.recordings
    .filter(({ status }) => status === 'stored' || status === 'mismatch')
    .map((recording) => ({
      key: `recording:${recording.id}`,
      lane: 'recording',
      from: recording.started_at,
      until: recording.started_at + recording.duration_ms / 1000,
      tone: 'ready',
      tells: { what: 'recording', id: recording.id },
    }));
}

/** Each bar lies in the first row that is free at its beginning. */
function stacked(id: LaneId, pieces: Piece[], end: number): Lane {
  const freeFrom: number[] = [];
  const bars = pieces
    .toSorted((a, b) => a.from - b.from)
    .map(({ key, from, until, tone, tells }) => {
      const free = freeFrom.findIndex((at) => at <= from + 0.05);
      const row = free === -1 ? freeFrom.length : free;
      freeFrom[row] = until;
      return { key, from, until, tone, tells, row };
    });
  const room = (bar: (typeof bars)[number], at: number): number =>
    bars.slice(at + 1).find(({ row }) => row === bar.row)?.from ?? end;
  return { id, rows: freeFrom.length, bars: bars.map((bar, at) => ({ ...bar, wordsUntil: room(bar, at) })) };
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** Seconds after the begin at which the axis is labelled: at most `most` of them, at round distances. */
export function ticks(length: number, most: number): number[] {
  const step = STEPS_S.find((seconds) => length / seconds <= most) ?? Math.ceil(length / most);
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
