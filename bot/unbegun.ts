/** Ends jobs that no worker has begun, within a claim: before any is handed out, under the root's lock. */
import { lockRoot } from '#db/chains.ts';
import type { Db } from '#db/client.ts';
import { announce, closeRun, jobEnds } from '#db/runs.ts';
import { settleRun } from '#bot/runs/settle.ts';

/** Ends what `end` ends of a run, and the run when it is over by that; returns the platforms. */
export async function endUnbegun(
  tx: Db,
  { runId, rootId }: { runId: number; rootId: number },
  end: () => Promise<string[]>,
): Promise<string[]> {
  await lockRoot(tx, rootId);
  if (rootId !== runId) await lockRoot(tx, runId);
  const platforms = await end();
  if (platforms.length === 0) return platforms;
  const status = settleRun(await jobEnds(tx, runId));
  if (status !== null) await closeRun(tx, runId, status);
  await announce(tx, rootId);
  return platforms;
}
