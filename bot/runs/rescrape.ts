/** What is scraped again, by itself, once people can see a run that lost its connection. */
import { planPart, type RetryPart, type RetryTerms } from './retry-run.ts';
import { effectiveJobs, isComplete, isFinished, type Chain } from './run.ts';

/** Everything the decision depends on. */
export interface RescrapeQuestion {
  chain: Chain;
  /** The run that lost its connection. */
  runId: number;
  terms: (platform: string) => RetryTerms;
  now: Date;
}

/**
 * The parts of the re-scrape: the run's platforms that are not complete, wherever in the chain that was. What somebody
 * retries meanwhile, or has completed by a retry, is not done twice. Empty when nothing is left.
 */
export function planRescrape({ chain, runId, terms, now }: RescrapeQuestion): RetryPart[] {
  const run = chain.runs.find((one) => one.id === runId);
  if (run?.status !== 'connection_failed') return [];
  return effectiveJobs(chain)
    .filter((job) => run.platforms.includes(job.platform) && isFinished(job) && !isComplete(job))
    .map((job) => ({ ...planPart(job, terms(job.platform), now), retryNumber: job.retryNumber }));
}
