/** Notices when several platforms are broken by one thing, and when it is over. */
import { endCause, forgetFailure, lockCauses, noteFailure } from '#db/common-causes.ts';
import type { Db } from '#db/client.ts';
import type { HeldJob } from '#db/jobs.ts';
import { announce } from '#db/runs.ts';
import type { Failure, PlatformResult } from '#scraper/index.ts';
import { commonFingerprint, saysNothing } from '#bot/runs/common-cause.ts';
import type { Queue } from './queue.ts';

/**
 * An attempt has ended: its failure is compared with those of other platforms. Who waited for this platform to be tried
 * first is woken when it no longer fails as the others did. Call in the transaction that ends the attempt.
 */
export async function compareFailures(
  tx: Db,
  queue: Queue,
  job: HeldJob,
  { result, failure }: { result: PlatformResult; failure: Failure | null },
): Promise<void> {
  const fingerprint = job.backfill === null ? commonFingerprint(result, failure) : null;
  if (fingerprint === null) await forgetFailure(tx, job.id);
  if (fingerprint === null && job.cause === null) return;
  await lockCauses(tx);
  if (!saysNothing(failure)) await endCommonCause(tx, queue, job, fingerprint);
  if (fingerprint !== null) await noteFailure(tx, job, fingerprint);
}

/** A platform got on that a common cause had broken, or fails in its own way now: the others follow. */
export async function endCommonCause(
  tx: Db,
  queue: Queue,
  job: HeldJob,
  fingerprint: string | null = null,
): Promise<void> {
  if (job.cause === null) return;
  const ended = await endCause(tx, job.cause, job.runId, fingerprint);
  if (ended === null) return;
  for (const root of ended.roots) await announce(tx, root);
  await queue.enqueue(tx, ended.waiting);
}
