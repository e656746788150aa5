/** Schedules as `rescrape.config.ts` sets them: checked, and handed to the service. */
import { z } from 'zod';
import { readCron } from '#bot/runs/cron.ts';
import { zoneOffset } from '#bot/runs/slots.ts';
import type { Schedule } from './schedule.ts';

/** One schedule; whether its cron expression and its zone can be used is told by {@link scheduleFaults}. */
export const ScheduleSettings = z.strictObject({
  /** What people call it: a slug. */
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a slug: small letters, digits, - and _'),
  /** Minute, hour, day of the month, month, day of the week. */
  cron: z.string(),
  /** IANA zone whose clocks it follows. */
  zone: z.string().default('UTC'),
  /** What its runs take; what a plain `/scrape now` takes when left out. */
  platforms: z.array(z.string()).min(1).optional(),
  /** What happens to a slot that comes while the run before it still works. */
  overlap: z.enum(['skip', 'start']).default('skip'),
  /** After an absence: the newest slot is caught up once, or none is. */
  missed: z.enum(['once', 'skip']).default('once'),
  /** A slot that is later than this many minutes has been missed. */
  graceMinutes: z.number().positive().max(1_440).default(2),
});

type Given = z.infer<typeof ScheduleSettings>;

/** What is wrong with schedules and with the routes that name them, in sentences for people. */
export function scheduleFaults(settings: {
  schedules: readonly Given[];
  routes: readonly { schedules?: readonly string[] | undefined }[];
}): string[] {
  const faults: string[] = [];
  const names = settings.schedules.map((schedule) => schedule.name);
  const distinct = [...new Set(names)];
  for (const [index, { name, cron, zone }] of settings.schedules.entries()) {
    if (names.indexOf(name) !== index) faults.push(`schedules: there are two called "${name}": give each its own name`);
    const read = readCron(cron);
    if (read.kind === 'fault') faults.push(`schedules: ${name}: cron ${read.why}`);
    if (!isZone(zone)) faults.push(`schedules: ${name}: zone has to be an IANA name like Africa/Lagos or UTC`);
  }
  for (const name of new Set(settings.routes.flatMap((route) => route.schedules ?? []))) {
    if (names.includes(name)) continue;
    const known = names.length === 0 ? 'none is set' : `known are ${distinct.join(', ')}`;
    faults.push(`routes: there is no schedule "${name.slice(0, 32)}"; ${known}`);
  }
  return faults;
}

/** The schedules as the service takes them. */
export function schedulesOf({ schedules }: { schedules: readonly Given[] }): Schedule[] {
  return schedules.map(({ name, cron, zone, platforms, overlap, missed, graceMinutes }) => ({
    name,
    cron,
    zone,
    platforms: platforms ?? [],
    rules: { overlap, missed, graceMs: graceMinutes * 60_000 },
  }));
}

function isZone(zone: string): boolean {
  try {
    zoneOffset(zone);
    return true;
  } catch {
    return false;
  }
}
