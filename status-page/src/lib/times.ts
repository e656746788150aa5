/** Times as the page shows them, all in UTC; the page says so once. */

const zone = { timeZone: 'UTC' } as const;
const minute = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit' });
const second = new Intl.DateTimeFormat('en-GB', { ...zone, timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short' });
const year = new Intl.DateTimeFormat('en-GB', { ...zone, dateStyle: 'medium' });
const full = new Intl.DateTimeFormat('en-GB', { ...zone, dateStyle: 'long' });

/** How much of a moment is shown: `14:03`, `14:03:12`, `23 Nov, 14:03` or `14:03:12 on 23 November 2026`. */
export type Precision = 'clock' | 'seconds' | 'day' | 'full';

/** A moment as text; days are named where they differ from the day of `now`, years where they differ from its year. */
export function shownTime(moment: Date, now: Date, precision: Precision): string {
  const sameDay = isoDay(moment) === isoDay(now);
  const date = (moment.getUTCFullYear() === now.getUTCFullYear() ? day : year).format(moment);
  switch (precision) {
    case 'clock':
      return sameDay ? minute.format(moment) : `${minute.format(moment)} on ${date}`;
    case 'seconds':
      return sameDay ? second.format(moment) : `${second.format(moment)} on ${date}`;
    case 'day':
      return `${date}, ${minute.format(moment)}`;
    case 'full':
      return `${second.format(moment)} on ${full.format(moment)}`;
  }
}

/** For the `datetime` attribute: `2026-11-23T14:03:12Z`. */
export function machineTime(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, 'Z');
}

function isoDay(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
