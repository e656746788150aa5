/** Slots found the slow way, from the zone's changes alone: what the real computation is compared with. */

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A change of a zone's clocks: at an instant, from one difference to UTC to another, milliseconds. */
export interface Transition {
  at: number;
  from: number;
  to: number;
}

/** Every change of a zone's clocks between two instants. */
export function transitionsOf(zone: string, start: number, end: number): Transition[] {
  const changes: Transition[] = [];
  let before = difference(zone, start);
  for (let at = start; at <= end; at += 6 * HOUR_MS) {
    const now = difference(zone, at);
    if (now === before) continue;
    let [low, high] = [at - 6 * HOUR_MS, at];
    while (high - low > MINUTE_MS) {
      const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
      if (difference(zone, middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, from: before, to: now });
    before = now;
  }
  return changes;
}

/** The slots in [from, until): each minute of real time, or each time on the wall, is looked at by itself. */
export function expectedSlots(
  expression: string,
  changes: readonly Transition[],
  zone: string,
  from: number,
  until: number,
): number[] {
  const [minuteText = '', hourText = '', , , dayText = '*'] = expression.split(' ');
  const [minutes, hours] = [numbers(minuteText, 59), numbers(hourText, 23)];
  const days = dayText === '*' ? null : numbers(dayText, 6);
  const spans = spansOf(changes, zone, from);
  const found = new Set<number>();
  if (hours.size === 24) {
    for (let at = from; at < until; at += MINUTE_MS) {
      const span = spans.find((one) => at >= one.start && at < one.end);
      const wall = new Date(at + (span?.offset ?? 0));
      if (minutes.has(wall.getUTCMinutes()) && (days === null || days.has(wall.getUTCDay()))) found.add(at);
    }
    return [...found];
  }
  for (let day = Math.floor(from / DAY_MS) * DAY_MS - 2 * DAY_MS; day < until + 2 * DAY_MS; day += DAY_MS) {
    if (days !== null && !days.has(new Date(day).getUTCDay())) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const wall = day + hour * HOUR_MS + minute * MINUTE_MS;
        const shown = spans.map((one) => ({ ...one, at: wall - one.offset }));
        const usual = shown.find((one) => one.at >= one.start && one.at < one.end);
        const skipped = changes.find(({ at, from: was, to }) => wall - was >= at && wall - was < at + (to - was));
        const slot = usual?.at ?? (skipped === undefined ? null : wall - skipped.from);
        if (slot !== null && slot >= from && slot < until) found.add(slot);
      }
    }
  }
  return [...found].sort((a, b) => a - b);
}

function spansOf(changes: readonly Transition[], zone: string, from: number) {
  const spans: { start: number; end: number; offset: number }[] = [];
  let start = -Infinity;
  let offset = changes[0]?.from ?? difference(zone, from);
  for (const change of changes) {
    spans.push({ start, end: change.at, offset });
    [start, offset] = [change.at, change.to];
  }
  spans.push({ start, end: Infinity, offset });
  return spans;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function difference(zone: string, at: number): number {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, format);
  return Date.parse(`${format.format(at).replace(' ', 'T')}:00Z`) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** The numbers of a field; only what the tests use. */
function numbers(text: string, highest: number): Set<number> {
  const [range = '', step] = text.split('/');
  if (range === '*') {
    return new Set(
      Array.from({ length: highest + 1 }, (_, number) => number).filter((n) => n % Number(step ?? 1) === 0),
    );
  }
  return new Set(range.split(',').map(Number));
}
