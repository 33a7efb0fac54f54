/** Lengths of hours and days in words, for deadlines. Pure. */

type Translate = (
  key: 'desk.clock.days' | 'desk.clock.hours' | 'desk.clock.minutes',
  params: { count: number },
) => string;

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Two days and more in days, an hour and more in hours and minutes; never below a minute. */
export function spanText(seconds: number, t: Translate): string {
  const length = Math.max(MINUTE, Math.abs(seconds));
  if (length >= 2 * DAY) return t('desk.clock.days', { count: Math.floor(length / DAY) });
  const hours = Math.floor(length / HOUR);
  const minutes = Math.floor((length % HOUR) / MINUTE);
  if (hours === 0) return t('desk.clock.minutes', { count: minutes });
  const whole = t('desk.clock.hours', { count: hours });
  return minutes === 0 ? whole : `${whole} ${t('desk.clock.minutes', { count: minutes })}`;
}
