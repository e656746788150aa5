/** Failures that are ours to word: lost workers, refused values, errors of our own. */
import { databaseFault } from '#db/errors.ts';
import type { HeldJob } from '#db/jobs.ts';
import { failureSentence, type Failure, type PlatformResult } from '#scraper/index.ts';

/** The result of an attempt that an error of ours ended; what happened is in the log. */
export function brokenAttempt(job: HeldJob): PlatformResult {
  const failure = internalFailure(job, 'the worker could not go on; its log says why');
  return { status: 'failed', steps: [], failures: [failure], stopped: failure };
}

/** An error of ours, told without what it said. */
export function internalFailure(job: HeldJob, detail: string): Failure {
  return {
    ...interruption(job, detail),
    kind: 'internal',
    headline: failureSentence('internal', job.platform),
    retryable: false,
  };
}

/** A worker was lost, or gave the job back. */
export function interruption(job: HeldJob, detail: string): Failure {
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

/** An item whose record the database refuses: the site sent what no such thing can be. */
export function refusedItem(job: HeldJob, step: string, itemKey: string, code: string): Failure {
  return {
    kind: 'drifted',
    headline: failureSentence('drifted', job.platform),
    detail: `a value of it cannot be stored (database code ${code})`,
    retryable: false,
    step,
    itemKey,
    until: null,
  };
}

/** The code of an error that means: this value cannot be stored (a bad value, a broken rule, a limit); null for others. */
export function refusedValue(error: unknown): string | null {
  const code = databaseFault(error)?.code ?? '';
  return /^(22|23|54)/.test(code) ? code : null;
}

/** The failure that ended an attempt: what made the engine leave the site alone, else the last step's, else the first. */
export function decidingFailure(result: PlatformResult): Failure | null {
  const ofSteps = result.steps.map((step) => step.failure).filter((failure) => failure !== null);
  return result.stopped ?? ofSteps.at(-1) ?? result.failures.at(0) ?? null;
}
