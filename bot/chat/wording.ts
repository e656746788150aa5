/** Small words: counts, durations, times. One place, so that everything reads alike. */

/** `1 event`, `48 events`, `12,000 events`. */
export function counted(count: number, noun: { one: string; many: string }): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun.one : noun.many}`;
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How old or how long, roughly: `40 s`, `14 min`, `24 h`, `3 days`. */
export function ageWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

const clockStyle = { timeStyle: 'medium' } as const;
const dayStyle = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** Formats by zone: making one costs as much as using it five hundred times. */
const formats = new Map<object, Map<string, Intl.DateTimeFormat>>([
  [clockStyle, new Map()],
  [dayStyle, new Map()],
]);

function formatOf(style: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  const made = formats.get(style)?.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { ...style, timeZone });
  formats.get(style)?.set(timeZone, made);
  return made;
}

/** `12:04:10`, in the zone the bot speaks in. */
export function clock(at: Date, timeZone: string): string {
  return formatOf(clockStyle, timeZone).format(at);
}

/** `23 Nov 12:04`, for things that may be days old. */
export function dayAndClock(at: Date, timeZone: string): string {
  return formatOf(dayStyle, timeZone).format(at).replace(',', '');
}

/** `12:04` on the day it is told, `23 Nov 12:04` on every other: for what may be a moment or days old. */
export function timeOrDay(at: Date, telling: { now: Date; timeZone: string }): string {
  const { now, timeZone } = telling;
  const dayOf = (date: Date) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeZone }).format(date);
  return dayOf(at) === dayOf(now) ? clock(at, timeZone).slice(0, 5) : dayAndClock(at, timeZone);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The first letter large: for a sentence that starts with a name or a catalogue phrase. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A surface as it is called in a sentence. */
export function surfaceName(surface: string): string {
  return surface === 'console' ? 'the console' : sentence(surface);
}

/** `Ada, from Discord`. */
export function personAndPlace(person: { name: string; surface: string }): string {
  return `${person.name}, from ${surfaceName(person.surface)}`;
}

/** What set a run going, for people. */
export function triggerPhrase(trigger: string): string {
  const [kind, detail] = trigger.split(':', 2);
  if (kind === 'schedule') return `schedule ${detail}`;
  if (kind === 'retry') return `retry of run ${detail}`;
  if (kind === 'rescrape') return `automatic re-scrape of run ${detail}`;
  return `from ${surfaceName(trigger)}`;
}
