/** What an attempt comes to: by what is stored, and by whether it can be believed. */
import type { Db } from '#db/client.ts';
import { deliveryOf, goodDeliveries } from '#db/deliveries.ts';
import type { HeldJob } from '#db/jobs.ts';
import { insertFailures, latestFailure } from '#db/steps.ts';
import { itemStanding } from '#db/work-items.ts';
import type { Failure, PlatformResult } from '#scraper/index.ts';
import { doubtOf, HISTORY, type QualityTerms } from '#bot/runs/quality.ts';
import type { AttemptOutcome } from '#bot/runs/lifecycle.ts';
import { decidingFailure, doubtfulDelivery } from './job-failures.ts';

/** What is expected of a platform's deliveries, and what its items are called. */
export interface Expected extends QualityTerms {
  noun: { one: string; many: string };
}

interface Standing {
  status: PlatformResult['status'];
  failure: Failure | null;
}

/** The same, as far as what follows depends on it. */
export function outcomeOf({ status, failure }: Standing): AttemptOutcome {
  const until = failure === null || failure.until === null ? null : new Date(failure.until);
  return { status, failure: failure && { ...failure, until } };
}

/**
 * What an attempt comes to, by what is stored: a job that delivered in an earlier attempt is partly done, and one with
 * items still open is not complete, whatever the engine saw of it. What was delivered whole is judged by its quality.
 */
export async function standing(
  tx: Db,
  job: HeldJob,
  result: PlatformResult,
  expected: Expected | null,
): Promise<Standing> {
  const { anyDone, anyPending } = await itemStanding(tx, job.id);
  const failure = decidingFailure(result);
  if (result.status === 'failed') return { status: anyDone ? 'partial' : 'failed', failure };
  if (result.status === 'completed' && anyPending) {
    return { status: anyDone ? 'partial' : 'failed', failure: failure ?? (await latestFailure(tx, job.id)) };
  }
  // A backfill delivers what was missing: how much is usual says nothing of it.
  const judged = result.status === 'completed' && job.backfill === null ? expected : null;
  const doubtful = judged === null ? null : await doubt(tx, job, result, judged);
  return doubtful ?? { status: result.status, failure };
}

/** Compares a whole delivery with what is expected and usual; null when there is nothing to doubt. */
async function doubt(tx: Db, job: HeldJob, result: PlatformResult, expected: Expected): Promise<Standing | null> {
  const { coverage, ...delivery } = await deliveryOf(tx, job.id);
  const found = doubtOf(delivery, coverage, await goodDeliveries(tx, job.platform, HISTORY), expected);
  if (found === null) return null;
  const step = result.steps.findLast((one) => one.status === 'success')?.name ?? job.fromStep;
  const failure = doubtfulDelivery(job, step, found, expected.noun);
  await insertFailures(tx, job, [failure]);
  return { status: failure.kind === 'empty' ? 'failed' : 'partial', failure };
}
