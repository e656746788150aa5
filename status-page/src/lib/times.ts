/** Times as the page shows them: in the zone of the site, in words where that is kinder; the exact moment is beside. */

/** How much of a moment is shown: `14:03`, `14:03:12`, `23 Nov, 14:03` or `14:03:12 on 23 November 2026`. */
export type Precision = 'clock' | 'seconds' | 'day' | 'full';

interface Formats {
  minute: Intl.DateTimeFormat;
  second: Intl.DateTimeFormat;
  day: Intl.DateTimeFormat;
  year: Intl.DateTimeFormat;
  full: Intl.DateTimeFormat;
  iso: Intl.DateTimeFormat;
  offset: Intl.DateTimeFormat;
}

const formats = new Map<string, Formats>();

/** A format takes longer to make than to use a thousand times. */
function formatsOf(timeZone: string): Formats {
  const made = formats.get(timeZone);
  if (made !== undefined) return made;
  const of = (options: Intl.DateTimeFormatOptions, locale = 'en-GB') =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const fresh = {
    minute: of({ hour: '2-digit', minute: '2-digit' }),
    second: of({ timeStyle: 'medium' }),
    day: of({ day: 'numeric', month: 'short' }),
    year: of({ dateStyle: 'medium' }),
    full: of({ dateStyle: 'long' }),
    iso: of({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA'),
    offset: of({ timeZoneName: 'longOffset' }),
  };
  formats.set(timeZone, fresh);
  return fresh;
}

/**
 * A moment as text. Beside `now`, its day is left out, yesterday is called so, and the year is named where it differs;
 * without `now`, for pages that are written once, every day and year is named.
 */
export function shownTime(moment: Date, precision: Precision, timeZone: string, now: Date | null): string {
  const { minute, second, full } = formatsOf(timeZone);
  switch (precision) {
    case 'clock':
    case 'seconds': {
      const clock = (precision === 'clock' ? minute : second).format(moment);
      const day = dayWords(moment, timeZone, now);
      return day === '' ? clock : day === 'yesterday' ? `${clock} yesterday` : `${clock} on ${day}`;
    }
    case 'day': {
      const day = dayWords(moment, timeZone, now);
      const named = day === '' ? 'today' : day;
      return `${named}, ${minute.format(moment)}`;
    }
    case 'full':
      return `${second.format(moment)} on ${full.format(moment)}`;
  }
}

function dayWords(moment: Date, timeZone: string, now: Date | null): string {
  const { iso, day, year } = formatsOf(timeZone);
  if (now === null) return year.format(moment);
  const [that, today] = [iso.format(moment), iso.format(now)];
  if (that === today) return '';
  if (that === iso.format(new Date(now.getTime() - 86_400_000))) return 'yesterday';
  return (that.slice(0, 4) === today.slice(0, 4) ? day : year).format(moment);
}

/** For the `datetime` attribute: `2026-11-23T14:03:12Z`. */
export function machineTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

/** To be read on hovering: `2026-11-23 14:03:12 UTC`. */
export function exactTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `UTC`, or `Africa/Lagos (UTC+01:00)`; without a moment, as offsets change with the season, `Africa/Lagos`. */
export function zoneWords(timeZone: string, now: Date | null): string {
  if (now === null) return timeZone;
  const offset = formatsOf(timeZone)
    .offset.formatToParts(now)
    .find(({ type }) => type === 'timeZoneName')?.value;
  if (offset === undefined || /^GMT(?:[+-]00:00)?$/.test(offset)) return timeZone;
  return `${timeZone} (${offset.replace('GMT', 'UTC')})`;
}

/** A day like `2026-11-23` as `Mon 23 Nov`, with its year when asked for. */
export function dayName(day: string, withYear = false): string {
  const { day: short, year } = formatsOf('UTC');
  const moment = new Date(`${day}T00:00:00Z`);
  const weekday = moment.toLocaleDateString('en-GB', { weekday: 'short', timeZone: 'UTC' });
  return `${weekday} ${(withYear ? year : short).format(moment)}`;
}

/** A month like `2026-11` as `November 2026`. */
export function monthName(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** The last `count` days until the day of `now`, oldest first, like `2026-11-23`. */
export function lastDays(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(now.getTime() - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}
