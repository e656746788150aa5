/** Failures that are ours to word: lost workers, refused values, errors of our own. */
import { databaseFault } from '#db/errors.ts';
import type { HeldJob } from '#db/jobs.ts';
import type { Doubt } from '#bot/runs/quality.ts';
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
    fingerprint: null,
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
    fingerprint: null,
  };
}

/** A delivery that cannot be believed as it is: what came, and what was expected. */
export function doubtfulDelivery(
  job: HeldJob,
  step: string,
  doubt: Doubt,
  noun: { one: string; many: string },
): Failure {
  const kind = doubt.kind === 'nothing' ? 'empty' : 'dropped';
  return {
    kind,
    headline: failureSentence(kind, job.platform),
    detail: doubtDetail(doubt, noun),
    retryable: false,
    step,
    itemKey: null,
    until: null,
    fingerprint: null,
  };
}

function doubtDetail(doubt: Doubt, noun: { one: string; many: string }): string {
  const count = (n: number) => `${n.toLocaleString('en-US')} ${n === 1 ? noun.one : noun.many}`;
  switch (doubt.kind) {
    case 'nothing':
      return `${count(doubt.found)} found, none of them could be delivered`;
    case 'less_than_usual': {
      const usual = `usual are ${doubt.usual.toLocaleString('en-US')}`;
      const by = doubt.jobs === 1 ? 'the last good run' : `the median of the last ${doubt.jobs} good runs`;
      return `${count(doubt.count)} ${doubt.measured}, ${usual} (${by})`;
    }
    case 'below_minimum':
      return `${count(doubt.count)} delivered, the least that is expected are ${doubt.least.toLocaleString('en-US')}`;
    case 'field_missing': {
      const share = `${Math.round(doubt.least * 100)} %`;
      return `${doubt.field} is filled in ${doubt.filled} of ${count(doubt.records)}, expected are at least ${share}`;
    }
  }
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
