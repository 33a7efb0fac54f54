/** The centre's time zone: a hotline's day is the same for everybody, wherever their browser stands. */

import dayjs, { type Dayjs } from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';

dayjs.extend(utc);
dayjs.extend(timezone);

/** Known from the session, which comes before the first time is shown. */
let zone = 'Asia/Shanghai';

/** An IANA name such as "Asia/Shanghai". One that this browser doesn't know leaves things as they were. */
export function setZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    zone = name;
  } catch {
    console.warn(`This browser doesn't know the time zone ${name}; times are shown in ${zone}.`);
  }
}

/** An instant (UTC seconds) as the clocks of the centre show it. */
export const inCentre = (instant: number): Dayjs => dayjs.unix(instant).tz(zone);

/** The same date and time of day, but as the centre means it: for what a date picker of the browser returns. */
export const meantInCentre = (picked: Dayjs): Dayjs => dayjs.tz(picked.format('YYYY-MM-DDTHH:mm:ss'), zone);

/** The opposite: a date picker shows its browser's time, so it is given one that reads like the centre's. */
export const forPicker = (instant: number): Dayjs => dayjs(inCentre(instant).format('YYYY-MM-DDTHH:mm:ss'));
