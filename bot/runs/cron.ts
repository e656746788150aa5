/** Cron expressions: five fields, checked, as sets of numbers. Written here because the tick libraries differ from one another at clock changes. */

/** A checked expression: which minutes, hours, days and months it means. */
export interface Cron {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  /** 0 is Sunday. */
  daysOfWeek: ReadonlySet<number>;
  /** With both kinds of days restricted, one of them is enough; that is how cron has always read it. */
  eitherDay: boolean;
  /** True when the hour field takes every hour: such slots follow real time, not the clock on the wall. */
  everyHour: boolean;
}

export type CronReading = { kind: 'cron'; cron: Cron } | { kind: 'fault'; why: string };

interface Field {
  name: string;
  lowest: number;
  highest: number;
  words: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly [Field, Field, Field, Field, Field] = [
  { name: 'minute', lowest: 0, highest: 59, words: [] },
  { name: 'hour', lowest: 0, highest: 23, words: [] },
  { name: 'day of the month', lowest: 1, highest: 31, words: [] },
  { name: 'month', lowest: 1, highest: 12, words: MONTHS },
  { name: 'day of the week', lowest: 0, highest: 7, words: DAYS },
];

/** Days each month can have; 29 for February, which has them every few years. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Longest expression that is read at all, characters. */
const LENGTH_LIMIT = 200;

/** Reads `minute hour day month weekday`, or says in words for people why it cannot be used. */
export function readCron(expression: string): CronReading {
  const words = expression
    .slice(0, LENGTH_LIMIT + 1)
    .trim()
    .split(/\s+/);
  if (expression.length > LENGTH_LIMIT || words.length !== fields.length) {
    return fault('has to be five fields: minute, hour, day of the month, month, day of the week, like 0 */4 * * *');
  }
  const sets: ReadonlySet<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const read = readField((words[index] ?? '').toLowerCase(), field);
    if (typeof read === 'string') return fault(read);
    sets.push(read);
  }
  const [minutes, hours, daysOfMonth, months, weekdays] = sets;
  if (!minutes || !hours || !daysOfMonth || !months || !weekdays) return fault('is empty');
  const eitherDay = !words[2]?.startsWith('*') && !words[4]?.startsWith('*');
  const possible = [...months].some((month) => [...daysOfMonth].some((day) => day <= (LONGEST[month - 1] ?? 0)));
  if (!possible && !eitherDay) return fault('names a day that no month of it has');
  const daysOfWeek = new Set([...weekdays].map((day) => day % 7));
  return {
    kind: 'cron',
    cron: { minutes, hours, daysOfMonth, months, daysOfWeek, eitherDay, everyHour: hours.size === 24 },
  };
}

function fault(why: string): CronReading {
  return { kind: 'fault', why };
}

/** The numbers a field means, or why it means none. */
function readField(text: string, field: Field): Set<number> | string {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    const step = Number(match?.[3] ?? 1);
    const from = match?.[1] === '*' ? field.lowest : numberOf(match?.[1], field);
    const open = match?.[1] === '*' || (match?.[3] !== undefined && match[2] === undefined);
    const to = open ? lastOf(field) : numberOf(match?.[2] ?? match?.[1], field);
    const written = match?.[1] === '*' && match[2] !== undefined;
    if (from === null || to === null || from > to || step < 1 || written) {
      return `has "${part.slice(0, 20)}" as ${field.name}: use ${field.lowest} to ${lastOf(field)}, *, a list, a range like 1-5 or a step like */5`;
    }
    for (let number = from; number <= to; number += step) numbers.add(number);
  }
  return numbers;
}

/** Sunday is 0 and 7; a range that is left open ends before it comes again. */
function lastOf(field: Field): number {
  return field.highest === 7 ? 6 : field.highest;
}

function numberOf(text: string | undefined, field: Field): number | null {
  const word = field.words.indexOf(text ?? '');
  const number = word >= 0 ? word + field.lowest : /^\d{1,2}$/.test(text ?? '') ? Number(text) : null;
  return number === null || number < field.lowest || number > field.highest ? null : number;
}
