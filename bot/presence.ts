/** What the one that speaks looks after besides telling: how surfaces stand, what happened while nobody spoke, and stale runs. */
import { databaseNow } from '#db/jobs.ts';
import { lastPresence, missedTimes, readHandover } from '#db/handover.ts';
import { sayNotice } from '#db/notices.ts';
import { handoverNotice, missedNotice } from '#bot/chat/handover-words.ts';
import type { Message } from '#bot/chat/message.ts';
import { nap } from '#db/nap.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { isAway } from '#bot/runs/handover.ts';
import { watchLinks, type LossParts } from './connection-loss.ts';
import { errorFields } from './log.ts';
import { closeStaleRuns } from './stale-runs.ts';

/** How often stale runs and missed times are looked for, milliseconds. */
const LOOK_MS = 30_000;

/** What it is made of. */
export interface PresenceParts extends LossParts {
  telling: (now: Date) => Telling;
  /** Runs that are not over by then are closed, hours. */
  maxRunHours: number;
  /** How long after it began to speak the hand-over is told: by then surfaces are back and re-scrapes begun. */
  handoverMs?: number;
  lookMs?: number;
}

/** Looks after it until `stop` is aborted. Never throws. */
export async function watchPresence(parts: PresenceParts, stop: AbortSignal): Promise<void> {
  const { database, log, lookMs = LOOK_MS, handoverMs = parts.timing.stableMs + 15_000 } = parts;
  const { db } = database;
  let from: Date | null = null;
  let to: Date | null = null;
  while (to === null && !stop.aborted) {
    try {
      [from, to] = [await lastPresence(db), await databaseNow(db)];
    } catch (error) {
      log.warn(errorFields(error), 'when somebody spoke last could not be read; it is tried again');
      await nap(1_000, stop);
    }
  }
  if (to === null) return;
  const since = to;
  let saidUpTo = since;
  const links = watchLinks(parts, stop);
  const told = isAway(from, since) ? handOver(parts, { from, to: since }, handoverMs, stop) : Promise.resolve();
  while (!stop.aborted) {
    try {
      await closeStaleRuns(database, parts.maxRunHours, log);
      saidUpTo = await sayMissed(parts, since, saidUpTo);
    } catch (error) {
      log.warn(errorFields(error), 'stale runs and missed times could not be looked for; it is tried again');
    }
    await nap(lookMs, stop);
  }
  await Promise.all([links, told]);
}

/** Says once per home what happened while nobody spoke. */
async function handOver(
  parts: PresenceParts,
  away: { from: Date; to: Date },
  afterMs: number,
  stop: AbortSignal,
): Promise<void> {
  const { db } = parts.database;
  await nap(afterMs, stop);
  while (!stop.aborted) {
    try {
      const notice = handoverNotice(await readHandover(db, away), away, parts.telling(await databaseNow(db)));
      if (notice !== null) await say(parts, `away:${away.from.toISOString()}`, notice);
      return;
    } catch (error) {
      parts.log.warn(errorFields(error), 'the hand-over could not be told; it is tried again');
      await nap(5_000, stop);
    }
  }
}

/** Says what was missed since it was said last; what was missed before anybody spoke belongs to the hand-over. */
async function sayMissed(parts: PresenceParts, since: Date, saidUpTo: Date): Promise<Date> {
  const { db } = parts.database;
  const now = await databaseNow(db);
  for (const times of await missedTimes(db, { from: since, to: now, decidedFrom: saidUpTo })) {
    const name = `missed:${times.schedule}:${times.last.toISOString()}`;
    await say(parts, name, missedNotice(times, parts.telling(now)));
  }
  return now;
}

async function say({ database, surfaces }: PresenceParts, name: string, notice: Message): Promise<void> {
  for (const { name: surface, home: channel } of surfaces) {
    await sayNotice(database.db, { surface, channel }, name, notice);
  }
}
