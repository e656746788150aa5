/** Lets go of what is older than `retention` says: by the one that speaks, in small batches, with pauses between them. */
import type { Database } from '#db/client.ts';
import { dropPriceChanges, dropRuns, dropWorkItems } from '#db/retention.ts';
import { nap } from '#db/nap.ts';
import { errorFields, type Log } from './log.ts';
import type { RetentionSettings } from './retention-settings.ts';

/** Between two passes, and between two batches of one: others are to have the database meanwhile. Milliseconds. */
const PASS_MS = 3_600_000;
const BATCH_MS = 200;

/** What it is made of. */
export interface RetentionParts {
  database: Database;
  retention: RetentionSettings;
  log: Pick<Log, 'info' | 'warn'>;
  batchMs?: number;
  passMs?: number;
}

/** Passes once an hour until `stop` is aborted; the first begins at once. Never throws. */
export async function watchRetention(parts: RetentionParts, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await letGo(parts, stop);
    } catch (error) {
      parts.log.warn(errorFields(error), 'what is old could not be deleted; it is tried again in an hour');
    }
    await nap(parts.passMs ?? PASS_MS, stop);
  }
}

/** One pass: everything that is old now. */
export async function letGo(parts: RetentionParts, stop: AbortSignal): Promise<void> {
  const { database, retention, log, batchMs = BATCH_MS } = parts;
  const { db } = database;
  async function untilNone(days: number, drop: (days: number) => Promise<number>): Promise<number> {
    let all = 0;
    if (days === 0) return all;
    for (let dropped = 1; dropped > 0 && !stop.aborted; all += dropped) {
      dropped = await drop(days);
      if (dropped > 0) await nap(batchMs, stop);
    }
    return all;
  }
  const workItems = await untilNone(retention.workItemsDays, (days) => dropWorkItems(db, days));
  const priceChanges = await untilNone(retention.priceChangesDays, (days) => dropPriceChanges(db, days));
  let runs = 0;
  for (let after: number | null = retention.runsDays === 0 ? null : 0; after !== null && !stop.aborted;) {
    const { dropped, next } = await dropRuns(db, retention.runsDays, after);
    runs += dropped;
    after = next;
    if (after !== null) await nap(batchMs, stop);
  }
  if (workItems + priceChanges + runs > 0) log.info({ workItems, priceChanges, runs }, 'what was old is deleted');
}
