/**
 * Ends jobs that no worker has begun, before a claim hands any out: each run in a transaction of its own, under its root's
 * lock, as everybody ends jobs. Several in one transaction would meet others that end theirs in another order.
 */
import { lockRoot } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { withRetries } from '#db/errors.ts';
import { announce, closeRun, jobEnds } from '#db/runs.ts';
import { settleRun } from '#bot/runs/settle.ts';

/** Ends what `end` ends of a run, and the run when it is over by that; returns the platforms. */
export async function endUnbegun(
  { db }: Database,
  { runId, rootId }: { runId: number; rootId: number },
  end: (tx: Db) => Promise<string[]>,
): Promise<string[]> {
  return withRetries(() => db.transaction((tx) => endIn(tx, runId, rootId, end)));
}

async function endIn(tx: Db, runId: number, rootId: number, end: (tx: Db) => Promise<string[]>): Promise<string[]> {
  await lockRoot(tx, rootId);
  if (rootId !== runId) await lockRoot(tx, runId);
  const platforms = await end(tx);
  if (platforms.length === 0) return platforms;
  const status = settleRun(await jobEnds(tx, runId));
  if (status !== null) await closeRun(tx, runId, status);
  await announce(tx, rootId);
  return platforms;
}
