/** Reads a note for the status page: what it says, and until when it stands. */

/** A note stands this long when nobody says otherwise, milliseconds: a day. */
const USUAL_MS = 86_400_000;
/** The longest it may stand, milliseconds: 30 days. */
const LONGEST_MS = 30 * 86_400_000;
/** Longest text, characters. */
export const NOTE_LIMIT = 300;

/** A note to be put on the page, or what is wrong with it. */
export type ReadNote =
  { kind: 'note'; text: string; endsAt: Date } | { kind: 'empty' | 'too_long' | 'ends_too_late' | 'no_such_time' };

/**
 * The end is told by the last words: `until 14:00` (the next time it is that late in this zone) or `for 90m`, `for 2h`,
 * `for 3d`. `until` stays in the text, as readers want to know it; `for` is taken off, as it counts from now.
 */
export function readNote(typed: string, now: Date, timeZone: string): ReadNote {
  const text = unquoted(typed.trim());
  const until = /\buntil (\d{1,2})[:.](\d{2})$/i.exec(text);
  const lasting = /\bfor (\d{1,4}) ?(m|min|h|d)$/i.exec(text);
  const said = lasting === null ? text : unquoted(text.slice(0, lasting.index).trim());
  if (said === '') return { kind: 'empty' };
  if (Array.from(said).length > NOTE_LIMIT) return { kind: 'too_long' };
  if (until !== null) {
    const [hour, minute] = [Number(until[1]), Number(until[2])];
    if (hour > 23 || minute > 59) return { kind: 'no_such_time' };
    return { kind: 'note', text: said, endsAt: nextTime(hour * 60 + minute, now, timeZone) };
  }
  const ms = lasting === null ? USUAL_MS : Number(lasting[1]) * unitMs(lasting[2] ?? '');
  if (ms === 0) return { kind: 'no_such_time' };
  if (ms > LONGEST_MS) return { kind: 'ends_too_late' };
  return { kind: 'note', text: said, endsAt: new Date(now.getTime() + ms) };
}

function unitMs(unit: string): number {
  switch (unit.toLowerCase()) {
    case 'h':
      return 3_600_000;
    case 'd':
      return 86_400_000;
    default:
      return 60_000;
  }
}

/** Phones type curly quotes. */
function unquoted(text: string): string {
  return /^["“”„'‘’](.*)["“”'‘’]$/su.exec(text)?.[1]?.trim() ?? text;
}

function nextTime(minutes: number, now: Date, timeZone: string): Date {
  const [hour = 0, minute = 0] = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
    .format(now)
    .split(':')
    .map(Number);
  const wait = (minutes - (hour * 60 + minute) + 1_440) % 1_440 || 1_440;
  const end = now.getTime() + wait * 60_000;
  return new Date(end - (end % 60_000));
}
