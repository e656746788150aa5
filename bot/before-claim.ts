/** What is ended before anything is handed out: runs that are too old, platforms nobody would see, platforms left alone. */
import { isAnythingToEnd } from '#db/before-claim.ts';
import type { Database } from '#db/client.ts';
import { LEASE_MS } from '#db/jobs.ts';
import { leaveAlone } from './breaker.ts';
import { endLostRuns, type LossTiming } from './connection-loss.ts';
import type { Log } from './log.ts';
import { closeStaleRuns } from './stale-runs.ts';

/** When runs are ended without their being scraped. */
export interface EndRules {
  /** When a run counts as lost. */
  loss: LossTiming;
  /** Runs that are not over by then, and that no worker is at, are closed, hours. */
  maxRunHours: number;
}

/** Recovery comes before new work: what everybody has given up long ago is not begun again by whoever starts first. */
export async function endBeforeClaim(database: Database, { loss, maxRunHours }: EndRules, log: Log): Promise<void> {
  const limits = { maxAgeHours: maxRunHours, leaseMs: LEASE_MS, graceMs: loss.graceMs };
  if (!(await isAnythingToEnd(database.db, limits))) return;
  await closeStaleRuns(database, maxRunHours, log);
  await endLostRuns(database, loss, log);
  await leaveAlone(database, log);
}
