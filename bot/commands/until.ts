/** Times as people type them: `18:00`, `2h`, `tomorrow`, `2026-12-24 9:00`. */

const MINUTE_MS = 60_000;
const unitMs = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 1_440 * MINUTE_MS } as const;
/** When a day begins for people who name no time of it. */
const MORNING: Clock = { hour: 9, minute: 0 };

interface Clock {
  hour: number;
  minute: number;
}

/**
 * Reads the words after a platform: null when they name no end (nothing, or `until it works`), `unclear` when they
 * cannot be read. A time of day is the next one to come, in the zone the bot speaks in.
 */
export function readUntil(words: readonly string[], now: Date, timeZone: string): Date | null | 'unclear' {
  const [first, ...rest] = words.map((word) => word.toLowerCase());
  const asked = first === 'until' || first === 'for' ? rest : [first, ...rest].filter((word) => word !== undefined);
  if (asked.length === 0) return first === undefined ? null : 'unclear';
  if (asked.join(' ') === 'it works') return null;
  const span = /^(\d{1,4}) ?(m|h|d)(?:in(?:utes?)?|ours?|ays?)?$/.exec(asked.join(' '));
  if (span !== null) return new Date(now.getTime() + Number(span[1]) * unitMs[span[2] as keyof typeof unitMs]);
  const [word = '', time, ...others] = asked;
  const clock = time === undefined ? MORNING : readClock(time);
  const today = dayIn(now, timeZone);
  const day = word === 'tomorrow' ? addDay(today) : readDay(word);
  if (others.length > 0 || clock === null) return 'unclear';
  if (day !== null) return atWallTime(day, clock, timeZone);
  if (time !== undefined) return 'unclear';
  const next = readClock(word);
  if (next === null) return 'unclear';
  const soon = atWallTime(today, next, timeZone);
  return soon > now ? soon : atWallTime(addDay(today), next, timeZone);
}

function readClock(word: string): Clock | null {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(word);
  return match === null ? null : { hour: Number(match[1]), minute: Number(match[2]) };
}

/** A day as `2026-12-24`, if there is such a day. */
function readDay(word: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(word)) return null;
  const date = new Date(`${word}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(word) ? word : null;
}

function dayIn(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(at);
}

function addDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + unitMs.d).toISOString().slice(0, 10);
}

/** The moment at which clocks in the zone show this time; one that the clocks skip is told as the one after the gap. */
function atWallTime(day: string, { hour, minute }: Clock, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + hour * unitMs.h + minute * MINUTE_MS;
  const first = asUtc - offsetAt(asUtc, timeZone);
  return new Date(asUtc - offsetAt(first, timeZone));
}

/** How far clocks in the zone are ahead of UTC at a moment, milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(at);
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}
