/** What a chain of runs comes to. */
import type { ChainHistory, FailureHistory, JobHistory, RunHistory } from '#db/history.ts';
import { isComplete } from './states.ts';
import { counted } from './words.ts';

/** A job and the run it belongs to. */
export interface RunJob {
  run: RunHistory;
  job: JobHistory;
}

/** Each platform's newest job in the chain, in the order of the root run: the chain's effective result. */
export function effectiveJobs(chain: ChainHistory): RunJob[] {
  const newest = new Map<string, RunJob>();
  for (const run of chain.runs) {
    for (const job of run.jobs) {
      const known = newest.get(job.platform);
      if (known === undefined || job.id > known.job.id) newest.set(job.platform, { run, job });
    }
  }
  return (chain.runs[0]?.platforms ?? []).flatMap((platform) => newest.get(platform) ?? []);
}

/** `3 of 3 platforms complete after 1 retry`. */
export function chainResult(chain: ChainHistory): string {
  const jobs = effectiveJobs(chain);
  const complete = jobs.filter(({ job }) => isComplete(job)).length;
  const retries = chain.runs.filter((run) => run.retryOf !== null).length;
  const rescrapes = chain.runs.filter((run) => run.rescrapeOf !== null).length;
  const steps: string[] = [];
  if (retries > 0) steps.push(retries === 1 ? '1 retry' : `${retries} retries`);
  if (rescrapes > 0) steps.push(counted(rescrapes, 'automatic re-scrape'));
  const open = chain.runs.some((run) => run.finishedAt === null);
  const after = steps.length === 0 ? '' : ` ${open ? 'so far, with' : 'after'} ${steps.join(' and ')}`;
  return `${complete} of ${counted(jobs.length, 'platform')} complete${after}`;
}

/** A run's own jobs, told in one sentence. */
export function runResult(run: RunHistory): string {
  const finished = run.jobs.filter((job) => job.finishedAt !== null).length;
  const complete = run.jobs.filter(isComplete).length;
  if (run.finishedAt === null) return `${finished} of ${counted(run.jobs.length, 'platform')} finished so far.`;
  return `${complete} of ${counted(run.jobs.length, 'platform')} complete in this run.`;
}

/** Items of a job that are stored, wherever in the chain they were done. */
export function itemsStored(job: Pick<JobHistory, 'itemsKept' | 'itemsDone'>): number {
  return job.itemsKept + job.itemsDone;
}

/** Items of a job that are still missing. */
export function itemsMissing(job: Pick<JobHistory, 'itemsTotal' | 'itemsKept' | 'itemsDone'>): number {
  return Math.max(0, job.itemsTotal - itemsStored(job));
}

/** What went wrong first with a platform, in the whole chain. */
export interface FirstError extends RunJob {
  failure: FailureHistory;
}

/** The oldest failure of a platform in its chain before the given run, or null when nothing had failed. */
export function firstErrorBefore(chain: ChainHistory, platform: string, runId: number): FirstError | null {
  for (const run of chain.runs) {
    if (run.id >= runId) return null;
    for (const job of run.jobs) {
      const failure = job.platform === platform ? job.failures[0] : undefined;
      if (failure !== undefined) return { run, job, failure };
    }
  }
  return null;
}

/** The newer run of the chain that took this platform up again, or null. */
export function takenUpBy(chain: ChainHistory, platform: string, runId: number): RunHistory | null {
  return chain.runs.find((run) => run.id > runId && run.platforms.includes(platform)) ?? null;
}
