/**
 * Moves jobs from claim to end: the only writer of what workers do. Every write after the claim is fenced by the
 * lease, in the same transaction, so that a worker that was frozen and taken for dead changes nothing when it wakes.
 */
import { lockRoot } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { withRetries } from '#db/errors.ts';
import {
  claimJob,
  databaseNow,
  fence,
  finishJob,
  putOff,
  releaseJob,
  type ClaimLimits,
  type HeldJob,
} from '#db/jobs.ts';
import { countLacking } from '#db/backfills.ts';
import type { EventWarning } from '#db/event-warnings.ts';
import { endMutes } from '#db/mutes.ts';
import { dueListings } from '#db/listings.ts';
import type { JobStatus } from '#db/run-facts.ts';
import { announce, closeRun, jobEnds } from '#db/runs.ts';
import { finishStep, insertFailures, insertStep, closeSteps, setDiscovered } from '#db/steps.ts';
import { keepKnownImages, pendingWorkItems, seedWorkItems, workItemsAreFresh } from '#db/work-items.ts';
import {
  type Failure,
  type FailureKind,
  type ItemResult,
  type PlatformResult,
  type StepResult,
  type WorkItem,
  type WorkItemSeed,
} from '#scraper/index.ts';
import type { BreakerRules } from '#bot/runs/breaker.ts';
import { afterAttempt } from '#bot/runs/lifecycle.ts';
import type { RetryRules } from '#bot/runs/retry-policy.ts';
import { settleRun } from '#bot/runs/settle.ts';
import { endBeforeClaim, type EndRules } from './before-claim.ts';
import { moveBreaker } from './breaker.ts';
import { compareFailures, endCommonCause } from './common-cause.ts';
import { internalFailure, interruption, refusedItem, refusedValue } from './job-failures.ts';
import { outcomeOf, standing, type Expected } from './job-standing.ts';
import type { Log } from './log.ts';
import type { Queue } from './queue.ts';
import { tellRecovery } from './recovery.ts';
import { storeResults } from './store-results.ts';

/** What the service is made of. */
export interface JobServiceParts {
  database: Database;
  queue: Queue;
  limits: Omit<ClaimLimits, 'held'>;
  rules: RetryRules;
  /** What is expected of a platform's deliveries; null for one that is not judged. */
  expected: (platform: string) => Expected | null;
  /** When runs are ended without their being scraped. */
  ends: EndRules;
  /** When a platform is left alone. */
  breaker: BreakerRules;
  log: Log;
  /** Chance for the jitter of waits, in [0, 1). */
  random: () => number;
}

/** A job that was lost with this many workers is given to no other. */
const CRASH_LIMIT = 3;

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

  async function take(tx: Db, owner: string, held: readonly number[]): Promise<HeldJob | null | 'given up'> {
    const job = await claimJob(tx, owner, { ...parts.limits, held });
    if (job === null) return null;
    if (job.takenOver) await closeInterrupted(tx, job);
    await announce(tx, job.rootId);
    if (job.crashes < CRASH_LIMIT) return job;
    const why = `${job.crashes} workers were lost while scraping it; it is not given to another one`;
    await insertFailures(tx, job, [internalFailure(job, why)]);
    await finish(tx, job, { status: 'failed', failureKind: 'internal' });
    return 'given up';
  }

  /** Ends a job, and its run when this was the last one. The run's row is locked first, as everywhere. */
  async function finish(tx: Db, job: HeldJob, end: { status: JobStatus; failureKind: FailureKind | null }) {
    const { backfill } = job;
    const lacking = backfill === null ? null : await countLacking(tx, job.platform, backfill);
    await finishJob(tx, job.id, { ...end, backfillLeft: lacking?.left });
    if (backfill === null) await moveBreaker(tx, job, end, parts.breaker);
    if (backfill === null && end.status === 'completed') await tellRecovery(tx, job.id);
    if (end.status === 'completed' && backfill === null) await endMutes(tx, job.platform, job.runId);
    const status = settleRun(await jobEnds(tx, job.runId));
    if (status !== null) await closeRun(tx, job.runId, status);
  }

  function store(job: HeldJob, step: string, results: readonly ItemResult[]): Promise<EventWarning[]> {
    return fenced(job, async (tx) => {
      const watched = Object.keys(parts.expected(job.platform)?.fields ?? {});
      const warnings = await storeResults(tx, job, step, results, watched);
      if (results.some(({ outcome }) => outcome !== 'failed')) await endCommonCause(tx, queue, job);
      await announce(tx, job.rootId);
      return warnings;
    });
  }

  async function storeOrRefuse(job: HeldJob, step: string, result: ItemResult): Promise<EventWarning[]> {
    try {
      return await store(job, step, [result]);
    } catch (error) {
      const code = refusedValue(error);
      if (code === null) throw error;
      const failure = refusedItem(job, step, result.key, code);
      await store(job, step, [{ key: result.key, outcome: 'failed', failure }]);
      await fenced(job, (tx) => insertFailures(tx, job, [failure]));
      return [];
    }
  }

  return {
    /** Claims the next job, or null when there is none to do. What a vanished holder left is closed as interrupted. */
    async claim(owner: string, held: readonly number[] = []): Promise<HeldJob | null> {
      await endBeforeClaim(database, parts.ends, parts.log);
      for (;;) {
        const taken = await withRetries(() => database.db.transaction((tx) => take(tx, owner, held)));
        if (taken !== 'given up') return taken;
      }
    },

    /** Whether what earlier work discovered is still worth continuing. */
    isFresh(job: HeldJob, maxAgeMs: number): Promise<boolean> {
      return withRetries(() => workItemsAreFresh(database.db, job.id, maxAgeMs));
    },

    /** What earlier runs stored and more is expected of. */
    due(job: HeldJob): Promise<WorkItemSeed[]> {
      return withRetries(() => dueListings(database.db, job.platform));
    },

    pending(job: HeldJob, step: string): Promise<WorkItem[]> {
      return fenced(job, async (tx) => {
        await keepKnownImages(tx, job.id, step);
        return pendingWorkItems(tx, job.id, step);
      });
    },

    seed(job: HeldJob, step: string, seeds: readonly WorkItemSeed[], maxAgeMs: number) {
      return fenced(job, async (tx) => {
        const counts = await seedWorkItems(tx, job, step, seeds, maxAgeMs);
        await endCommonCause(tx, queue, job);
        await announce(tx, job.rootId);
        return counts;
      });
    },

    /**
     * Stores records and marks their items, together; prices of items that are gone are withdrawn. A value the database
     * refuses costs its own item only. Answers what books contradict each other about, for the log.
     */
    async settle(job: HeldJob, step: string, results: readonly ItemResult[]): Promise<EventWarning[]> {
      try {
        return await store(job, step, results);
      } catch (error) {
        const code = refusedValue(error);
        if (code === null) throw error;
        const warnings: EventWarning[] = [];
        for (const result of results) warnings.push(...(await storeOrRefuse(job, step, result)));
        return warnings;
      }
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
          const stands = await standing(tx, job, result, parts.expected(job.platform));
          await compareFailures(tx, queue, job, { result, failure: stands.failure });
          const move = afterAttempt({
            outcome: outcomeOf(stands),
            attempt: job.attempt,
            rules: parts.rules,
            now: await databaseNow(tx),
            random: parts.random,
          });
          await closeSteps(tx, job.id, stands.failure ?? internalFailure(job, 'the step was left open'));
          if (move.kind === 'wait') {
            await putOff(tx, job.id, move);
            await queue.enqueue(tx, [job.id], move.until);
          } else {
            await finish(tx, job, {
              status: move.status,
              failureKind: move.status === 'completed' ? null : move.failureKind,
            });
          }
          await announce(tx, job.rootId);
        }),
      );
    },

    /** Gives a job back, to be continued by anybody at once. */
    release(job: HeldJob): Promise<void> {
      return fenced(job, async (tx) => {
        await closeSteps(tx, job.id, interruption(job, 'the worker stopped and gave the job back'));
        await releaseJob(tx, job);
        await queue.enqueue(tx, [job.id]);
        await announce(tx, job.rootId);
      });
    },
  };
}

async function closeInterrupted(tx: Db, job: HeldJob): Promise<void> {
  const failure = interruption(job, 'the worker that held this job was not heard of any more');
  const step = (await closeSteps(tx, job.id, failure)).at(-1) ?? job.fromStep;
  await insertFailures(tx, job, [{ ...failure, step }]);
}
