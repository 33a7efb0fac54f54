/** Instants (in the centre's time zone) and durations as text: seconds in, text out. */

import { inCentre } from './zone.ts';

/** 0:07, 12:34, 1:02:03. Never negative: clocks disagree by fractions. */
export function clockDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`;
}

/** For a countdown: the second that has begun still counts, so 0:00 is shown only when nothing is left. */
export const countdown = (seconds: number): string => clockDuration(Math.ceil(Math.max(0, seconds)));

export const dateTime = (instant: number): string => inCentre(instant).format('YYYY-MM-DD HH:mm');

export const dateTimeSeconds = (instant: number): string => inCentre(instant).format('YYYY-MM-DD HH:mm:ss');

export const timeOfDay = (instant: number): string => inCentre(instant).format('HH:mm:ss');

/** Time alone for today, otherwise with the day: short enough for a list, never ambiguous. */
export function shortInstant(instant: number, now: number): string {
  const at = inCentre(instant);
  const reference = inCentre(now);
  if (at.isSame(reference, 'day')) return at.format('HH:mm');
  return at.isSame(reference, 'year') ? at.format('MM-DD HH:mm') : at.format('YYYY-MM-DD');
}

/** 0.8342 → "83.4%"; null → "–". */
export function percent(share: number | null, digits = 1): string {
  return share === null ? '–' : `${(share * 100).toFixed(digits)}%`;
}

export function fileSize(bytes: number): string {
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(0)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
