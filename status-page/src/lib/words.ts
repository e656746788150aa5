/** Small words of the page: counts, durations, names of things. */

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** `three`, `14`: a count in a sentence. */
export function inWords(count: number): string {
  return small[count] ?? grouped(count);
}

/** `1,203`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 item`, `48 items`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h`, `3 d 4 h`. */
export function duration(from: Date, to: Date): string {
  return span(to.getTime() - from.getTime());
}

/** The same for milliseconds. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return inTwo(minutes, 'min', whole % 60, 's');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? inTwo(hours, 'h', minutes % 60, 'min') : inTwo(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function inTwo(large: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${large} ${unit}` : `${large} ${unit} ${rest} ${restUnit}`;
}

/** `98.4 %`, `100 %`; never 100 when anything is missing. */
export function percent(share: number): string {
  const tenths = Math.floor(share * 1000) / 10;
  return `${tenths === 100 ? '100' : tenths.toFixed(1)} %`;
}

/** Direction marks, zero-width characters and controls: they can make a line read as something it is not. */
const deceptive = /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** One honest line of at most 300 characters, of any text that is not our own. */
export function oneLine(text: string): string {
  const line = text.toWellFormed().replace(/\s+/gu, ' ').replace(deceptive, '').trim();
  if (line.length <= 300) return line;
  const points = Array.from(line);
  return points.length <= 300 ? line : `${points.slice(0, 299).join('')}…`;
}

/** A failure's class in words: `rate limited`. */
export function kindWords(kind: string): string {
  return oneLine(kind).replaceAll('_', ' ');
}

const surfaces: Record<string, string> = { slack: 'Slack', discord: 'Discord', console: 'the console' };

/** Where somebody asked, `Slack`; names of surfaces we do not know are shown as they are. */
export function surfaceWords(surface: string): string {
  return surfaces[surface] ?? oneLine(surface);
}

/** Why a run exists: a sentence's start, and the older run it goes back to. */
export interface Reason {
  text: string;
  run: number | null;
}

/** Reads a trigger: `schedule:<name>`, a surface, `retry:<run>` or `rescrape:<run>`; `backfill` is what was asked for but a scrape. */
export function triggerReason(trigger: string, backfill: string | null = null): Reason {
  const at = trigger.indexOf(':');
  const kind = at < 0 ? trigger : trigger.slice(0, at);
  const rest = at < 0 ? '' : oneLine(trigger.slice(at + 1));
  if (kind === 'schedule') return { text: `Schedule ${rest}`, run: null };
  if (kind === 'retry' && /^\d+$/.test(rest)) return { text: 'Retry of run', run: Number(rest) };
  if (kind === 'rescrape' && /^\d+$/.test(rest)) return { text: 'Automatic re-scrape of run', run: Number(rest) };
  if (backfill !== null) return { text: `Backfill of ${backfill}, asked for in ${surfaceWords(trigger)}`, run: null };
  return { text: `Asked for in ${surfaceWords(trigger)}`, run: null };
}
