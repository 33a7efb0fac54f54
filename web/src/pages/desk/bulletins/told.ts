/** What is told of a bulletin or an outage, as the request wants it. Pure. */

import type { Told } from './BulletinFields.tsx';

const HOUR = 3600;

/** Four hours from the minute of `now` (UTC seconds), nothing said yet. */
export function nothingTold(now: number): Told {
  const starts_at = Math.floor(now / 60) * 60;
  return { starts_at, ends_at: starts_at + 4 * HOUR, estates: '', text: '', spokenZh: '', spokenEn: '' };
}

export function toldBody({ starts_at, ends_at, estates, text, spokenZh, spokenEn }: Told) {
  return {
    starts_at: starts_at ?? 0,
    ends_at: ends_at ?? 0,
    estates: lines(estates),
    text: text.trim(),
    spoken: spoken(spokenZh, spokenEn),
  };
}

/** One item per line, without empty ones. */
export const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Only languages in which something is said. */
function spoken(zh: string, en: string): { 'zh-CN'?: string; en?: string } {
  return { ...(zh.trim() !== '' && { 'zh-CN': zh.trim() }), ...(en.trim() !== '' && { en: en.trim() }) };
}
