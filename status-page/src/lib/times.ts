/** Times as the page shows them: in the zone of the site, in words where that is kinder; the exact moment is beside. */

/** How much of a moment is shown: `14:03`, `14:03:12`, `23 Nov, 14:03` or `14:03:12 on 23 November 2026`. */
export type Precision = 'clock' | 'seconds' | 'day' | 'full';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY_MS = 86_400_000;
/** Zones change their offset at full quarters of an hour. */
const QUARTER_MS = 900_000;

/**
 * A moment as text. Beside `now`, its day is left out, yesterday is called so, and the year is named where it differs;
 * without `now`, for pages that are written once, every day and year is named.
 */
export function shownTime(moment: Date, precision: Precision, timeZone: string, now: Date | null): string {
  const local = localIso(moment, timeZone);
  const [minute, second] = [local.slice(11, 16), local.slice(11, 19)];
  switch (precision) {
    case 'clock':
    case 'seconds': {
      const clock = precision === 'clock' ? minute : second;
      const day = dayWords(local, timeZone, now);
      return day === '' ? clock : day === 'yesterday' ? `${clock} yesterday` : `${clock} on ${day}`;
    }
    case 'day':
      return `${dayWords(local, timeZone, now) || 'today'}, ${minute}`;
    case 'full':
      return `${second} on ${Number(local.slice(8, 10))} ${monthOf(local)} ${local.slice(0, 4)}`;
  }
}

function dayWords(local: string, timeZone: string, now: Date | null): string {
  const day = local.slice(0, 10);
  const { today, yesterday } = daysAround(now, timeZone);
  if (day === today) return '';
  if (day === yesterday) return 'yesterday';
  const short = `${Number(local.slice(8, 10))} ${monthOf(local).slice(0, 3)}`;
  return local.slice(0, 4) === today.slice(0, 4) ? short : `${short} ${local.slice(0, 4)}`;
}

let around = { ms: 0, timeZone: '', today: '', yesterday: '' };

/** Today and yesterday of this moment; a page tells all its times from the same one. */
function daysAround(now: Date | null, timeZone: string): { today: string; yesterday: string } {
  if (now === null) return { today: '', yesterday: '' };
  const ms = now.getTime();
  if (around.ms !== ms || around.timeZone !== timeZone) {
    const dayOf = (moment: number) => localIso(new Date(moment), timeZone).slice(0, 10);
    around = { ms, timeZone, today: dayOf(ms), yesterday: dayOf(ms - DAY_MS) };
  }
  return around;
}

function monthOf(iso: string): string {
  return months[Number(iso.slice(5, 7)) - 1] ?? '';
}

/** Asking for a zone's offset takes as long as writing a paragraph, and a page has dozens of times. */
const offsets = new Map<string, number>();

/** `2026-11-23T14:03:12…` as a clock in this zone shows it. */
function localIso(moment: Date, timeZone: string): string {
  const ms = moment.getTime();
  if (timeZone === 'UTC') return isoOf(ms);
  const quarter = Math.floor(ms / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    if (offsets.size > 5_000) offsets.clear();
    offset = offsetAt(new Date(quarter * QUARTER_MS), timeZone);
    offsets.set(key, offset);
  }
  return isoOf(ms + offset);
}

let last = { ms: Number.NaN, iso: '' };

/** A moment as ISO 8601, which is asked for three times in a row: for the eye, for programs and for hovering. */
function isoOf(ms: number): string {
  if (last.ms !== ms) last = { ms, iso: new Date(ms).toISOString() };
  return last.iso;
}

function offsetAt(moment: Date, timeZone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(offsetName(moment, timeZone)) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `GMT`, or `GMT+01:00`. */
function offsetName(moment: Date, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
}

/** For the `datetime` attribute: `2026-11-23T14:03:12Z`. */
export function machineTime(moment: Date): string {
  return `${isoOf(moment.getTime()).slice(0, 19)}Z`;
}

/** To be read on hovering: `2026-11-23 14:03:12 UTC`. */
export function exactTime(moment: Date): string {
  const iso = isoOf(moment.getTime());
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `UTC`, or `Africa/Lagos (UTC+01:00)`; without a moment, as offsets change with the season, `Africa/Lagos`. */
export function zoneWords(timeZone: string, now: Date | null): string {
  if (now === null || timeZone === 'UTC') return timeZone;
  const offset = offsetName(now, timeZone);
  return /^GMT(?:[+-]00:00)?$/.test(offset) ? timeZone : `${timeZone} (${offset.replace('GMT', 'UTC')})`;
}

/** A day like `2026-11-23` as `Mon 23 Nov`. */
export function dayName(day: string): string {
  const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
  return `${weekday} ${Number(day.slice(8, 10))} ${monthOf(day).slice(0, 3)}`;
}

/** A month like `2026-11` as `November 2026`. */
export function monthName(month: string): string {
  return `${monthOf(month)} ${month.slice(0, 4)}`;
}

/** The last `count` days until the day of `now`, oldest first, like `2026-11-23`. */
export function lastDays(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    new Date(now.getTime() - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}
