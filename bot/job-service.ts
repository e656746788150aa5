/**
 * Moves jobs from claim to end: the only writer of what workers do. Every write after the claim is fenced by the
 * lease, in the same transaction, so that a worker that was frozen and taken for dead changes nothing when it wakes.
 */
import { lockRoot } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { withRetries } from '#db/errors.ts';
import {
  beat,
  claimJob,
  databaseNow,
  fence,
  finishJob,
  putOff,
  releaseJob,
  type ClaimLimits,
  type HeldJob,
} from '#db/jobs.ts';
import { storeRecords } from '#db/records.ts';
import { announce, closeRun, jobStatuses } from '#db/runs.ts';
import { finishStep, insertFailures, insertStep, interruptSteps, setDiscovered } from '#db/steps.ts';
import { hasDoneItems, markWorkItems, pendingWorkItems, seedWorkItems, workItemsAreFresh } from '#db/work-items.ts';
import {
  failureSentence,
  type Failure,
  type ItemResult,
  type PlatformResult,
  type StepResult,
  type WorkItem,
  type WorkItemSeed,
} from '#scraper/index.ts';
import { afterAttempt } from '#bot/runs/lifecycle.ts';
import type { RetryPolicy } from '#bot/runs/retry-policy.ts';
import { settleRun } from '#bot/runs/settle.ts';
import type { Queue } from './queue.ts';

/** What the service is made of. */
export interface JobServiceParts {
  database: Database;
  queue: Queue;
  limits: ClaimLimits;
  policy: RetryPolicy;
  /** Chance for the jitter of waits, in [0, 1). */
  random: () => number;
}

export type JobService = ReturnType<typeof createJobService>;

/** Makes the service; it holds no state of its own. */
export function createJobService(parts: JobServiceParts) {
  const { database, queue } = parts;

  function fenced<T>(job: HeldJob, write: (tx: Db) => Promise<T>): Promise<T> {
    return withRetries(() =>
      database.db.transaction(async (tx) => {
        await fence(tx, job);
        return write(tx);
      }),
    );
  }

  return {
    /** Claims the next job, or null when there is none to do. What a vanished holder left is closed as interrupted. */
    claim(owner: string): Promise<HeldJob | null> {
      return withRetries(() =>
        database.db.transaction(async (tx) => {
          const job = await claimJob(tx, owner, parts.limits);
          if (job === null) return null;
          if (job.takenOver) await closeInterrupted(tx, job);
          await announce(tx, job.rootId);
          return job;
        }),
      );
    },

    /** Shows that this worker lives; returns the ids of the jobs it still holds. */
    beat(held: readonly HeldJob[]): Promise<Set<number>> {
      return beat(
        database.db,
        held.map(({ id, lease }) => ({ id, lease })),
      );
    },

    /** Whether what earlier work discovered is still worth continuing. */
    isFresh(job: HeldJob, maxAgeMs: number): Promise<boolean> {
      return withRetries(() => workItemsAreFresh(database.db, job.id, maxAgeMs));
    },

    pending(job: HeldJob, step: string): Promise<WorkItem[]> {
      return withRetries(() => pendingWorkItems(database.db, job.id, step));
    },

    seed(job: HeldJob, step: string, seeds: readonly WorkItemSeed[], maxAgeMs: number) {
      return fenced(job, async (tx) => {
        const counts = await seedWorkItems(tx, job, step, seeds, maxAgeMs);
        await announce(tx, job.rootId);
        return counts;
      });
    },

    /** Stores records and marks their items, together. */
    settle(job: HeldJob, step: string, results: readonly ItemResult[]): Promise<void> {
      return fenced(job, async (tx) => {
        await storeRecords(
          tx,
          results.flatMap((result) => (result.outcome === 'done' ? result.records : [])),
        );
        await markWorkItems(tx, job.id, step, results);
        await announce(tx, job.rootId);
      });
    },

    stepStarted(job: HeldJob, name: string): Promise<void> {
      return fenced(job, async (tx) => {
        await insertStep(tx, job, name);
        await announce(tx, job.rootId);
      });
    },

    /** `discovers` is true for the step whose success makes the list of work items whole. */
    stepFinished(job: HeldJob, result: StepResult, discovers: boolean): Promise<void> {
      return fenced(job, async (tx) => {
        await finishStep(tx, job, result);
        if (discovers && result.status !== 'skipped') await setDiscovered(tx, job.id, result.status === 'success');
        await announce(tx, job.rootId);
      });
    },

    failed(job: HeldJob, failures: readonly Failure[]): Promise<void> {
      return fenced(job, (tx) => insertFailures(tx, job, failures));
    },

    /** Ends an attempt: the job is finished or put off, and the run closed when this was its last job. */
    endAttempt(job: HeldJob, result: PlatformResult): Promise<void> {
      return withRetries(() =>
        database.db.transaction(async (tx) => {
          await lockRoot(tx, job.runId);
          await fence(tx, job);
          const failure = decidingFailure(result);
          const move = afterAttempt({
            outcome: {
              status: await standing(tx, job.id, result.status),
              failure: failure && { ...failure, until: failure.until === null ? null : new Date(failure.until) },
            },
            attempt: job.attempt,
            policy: parts.policy,
            now: await databaseNow(tx),
            random: parts.random,
          });
          if (move.kind === 'wait') {
            await putOff(tx, job.id, move);
            await queue.enqueue(tx, job.id, move.until);
          } else {
            await finishJob(tx, job.id, {
              status: move.status,
              failureKind: move.status === 'completed' ? null : move.failureKind,
            });
            const status = settleRun(await jobStatuses(tx, job.runId));
            if (status !== null) await closeRun(tx, job.runId, status);
          }
          await announce(tx, job.rootId);
        }),
      );
    },

    /** Gives a job back, to be continued by anybody at once. */
    release(job: HeldJob): Promise<void> {
      return withRetries(() =>
        database.db.transaction(async (tx) => {
          await interruptSteps(tx, job.id, interruption(job, 'the worker was told to stop and gave the job back'));
          await releaseJob(tx, job);
          await queue.enqueue(tx, job.id);
          await announce(tx, job.rootId);
        }),
      );
    },
  };
}

/** A job that stored something in an earlier attempt is partly done, whatever its last attempt came to. */
async function standing(tx: Db, jobId: number, status: PlatformResult['status']): Promise<PlatformResult['status']> {
  return status === 'failed' && (await hasDoneItems(tx, jobId)) ? 'partial' : status;
}

async function closeInterrupted(tx: Db, job: HeldJob): Promise<void> {
  const failure = interruption(job, 'the worker that held this job was not heard of any more');
  await interruptSteps(tx, job.id, failure);
  await insertFailures(tx, job, [failure]);
}

function interruption(job: HeldJob, detail: string): Failure {
  return {
    kind: 'interrupted',
    headline: failureSentence('interrupted', job.platform),
    detail,
    retryable: true,
    step: job.fromStep,
    itemKey: null,
    until: null,
  };
}

/** The failure that ended an attempt: what made the engine leave the site alone, else the last step's, else the first. */
function decidingFailure(result: PlatformResult): Failure | null {
  const ofSteps = result.steps.map((step) => step.failure).filter((failure) => failure !== null);
  return result.stopped ?? ofSteps.at(-1) ?? result.failures.at(0) ?? null;
}
