/** What a chain of runs comes to, read from its facts. */
import type { Chain, JobFacts } from '#db/run-facts.ts';

export type {
  BreakerFacts,
  Chain,
  CommonCause,
  FailureFacts,
  FileFacts,
  JobFacts,
  JobStatus,
  MuteFacts,
  Person,
  RunFacts,
  RunStatus,
} from '#db/run-facts.ts';

/** How many retry runs people may start per platform and root. The database holds the same number. */
export const RETRY_LIMIT = 3;

/** Whether a job has come to its end. */
export function isFinished(job: JobFacts): boolean {
  return job.finishedAt !== null;
}

/** Whether nothing is left to do: it completed, or somebody took its result as it is. */
export function isComplete(job: JobFacts): boolean {
  return job.status === 'completed' || job.accepted !== null;
}

/** Work items of a job that are stored, wherever in the chain they were done. */
export function itemsKept(job: JobFacts): number {
  return job.itemsKept + job.itemsDone;
}

/** Work items of a job that gave something: those stored, without what the site no longer had. */
export function itemsDelivered(job: JobFacts): number {
  return itemsKept(job) - job.itemsGone;
}

/** Which retry one of this job would be, from 1. A retry that was cancelled or not begun is not used up: the next has its number. */
export function nextRetryNumber(job: JobFacts): number {
  const unused = job.status === 'cancelled' || job.status === 'skipped';
  return unused && !job.rescrape && job.retryNumber > 0 ? job.retryNumber : job.retryNumber + 1;
}

/** Each platform's newest job in the chain, in the order of the root run: the chain's effective result. */
export function effectiveJobs(chain: Chain): JobFacts[] {
  const newest = new Map<string, JobFacts>();
  for (const run of chain.runs) {
    for (const job of run.jobs) {
      const known = newest.get(job.platform);
      if (known === undefined || job.id > known.id) newest.set(job.platform, job);
    }
  }
  return chain.runs[0].platforms.flatMap((platform) => newest.get(platform) ?? []);
}
