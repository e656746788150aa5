/**
 * The slots of a schedule: the instants at which it is due, computed and not remembered. Two bots, a loop that was
 * blocked, a clock that was set back or a restart all compute the same ones.
 *
 * At clock changes: fixed times happen once a day. One that the clocks skip in spring comes as much later as they
 * jump; one that comes twice in autumn is taken the first time. Schedules of every hour follow real time, so that
 * nothing of them is left out or put off.
 */
import type { Cron } from './cron.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** How far a schedule is looked ahead: 29 February can be eight years away, around a century without leap day. */
const HORIZON_DAYS = 3_000;

/** What the clock of a zone shows: the difference to UTC at an instant, milliseconds, a whole number of minutes. */
export type ZoneOffset = (at: number) => number;

/** The difference to UTC in an IANA zone; throws a RangeError for one that does not exist. */
export function zoneOffset(zone: string): ZoneOffset {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    return wall - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  };
}

/** The first slot after `after`, or null when there is none within eight years. */
export function nextSlot(cron: Cron, offset: ZoneOffset, after: Date): Date | null {
  for (const slot of slotsAfter(cron, offset, after.getTime())) return new Date(slot);
  return null;
}

/** All slots after `after` up to and including `until`, oldest first. */
export function* slotsBetween(cron: Cron, offset: ZoneOffset, after: Date, until: Date): Generator<Date> {
  for (const slot of slotsAfter(cron, offset, after.getTime())) {
    if (slot > until.getTime()) return;
    yield new Date(slot);
  }
}

function* slotsAfter(cron: Cron, offset: ZoneOffset, after: number): Generator<number> {
  let last = after;
  // From the day before: what that day's clock change put off can still come.
  const first = startOfDay(after + offset(after)) - DAY_MS;
  for (let day = first; day <= first + HORIZON_DAYS * DAY_MS; day += DAY_MS) {
    if (!takesDay(cron, day)) continue;
    for (const slot of slotsOfDay(cron, offset, day)) {
      if (slot <= last) continue;
      last = slot;
      yield slot;
    }
  }
}

/** The slots of one calendar day (given as if its midnight were UTC), in order. */
function slotsOfDay(cron: Cron, offset: ZoneOffset, day: number): number[] {
  const [before, after] = [offset(day - 14 * HOUR_MS), offset(day + DAY_MS + 14 * HOUR_MS)];
  const walls = [...cron.hours].flatMap((hour) =>
    [...cron.minutes].map((minute) => day + hour * HOUR_MS + minute * MINUTE_MS),
  );
  // No zone changes its clocks twice within these two days.
  if (before === after) {
    return walls.map((wall) => wall - before).toSorted((a, b) => a - b);
  }
  const slots = walls.flatMap((wall) => instantsOf(wall, offset, [before, after], cron.everyHour));
  return [...new Set(slots)].toSorted((a, b) => a - b);
}

/** The instants at which the clock shows a time: usually one, in autumn two (fixed times take the first), in spring none. */
function instantsOf(wall: number, offset: ZoneOffset, offsets: readonly [number, number], all: boolean): number[] {
  const shown = offsets.map((one) => wall - one).filter((at) => offset(at) === wall - at);
  const instants = [...new Set(shown)].toSorted((a, b) => a - b);
  if (instants.length > 0) return all ? instants : instants.slice(0, 1);
  if (all) return [];
  // Skipped by the clock: what it would have been, by the offset that held before.
  return [wall - offsets[0]];
}

function takesDay(cron: Cron, day: number): boolean {
  const date = new Date(day);
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const ofMonth = cron.daysOfMonth.has(date.getUTCDate());
  const ofWeek = cron.daysOfWeek.has(date.getUTCDay());
  return cron.eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}

function startOfDay(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}
