/** Which jobs somebody means who names a run and, perhaps, platforms of it. */
import { nearest } from './nearest.ts';
import { effectiveJobs, type Chain, type JobFacts } from './run.ts';

/** Why nothing can be looked up. */
export type LookRefusal =
  | { kind: 'no_run' }
  | { kind: 'unknown_run'; run: number }
  | { kind: 'unknown_platform'; platform: string; known: string[]; nearest: string | null }
  | { kind: 'not_in_run'; platform: string; run: number; platforms: string[] };

/**
 * A chain's first run stands for the whole chain: each platform's newest result. A retry run stands for itself. No
 * platform named means all.
 */
export function chooseJobs(question: {
  chain: Chain;
  runId: number;
  platforms: readonly string[];
  known: readonly string[];
}): { kind: 'jobs'; jobs: JobFacts[] } | { kind: 'refused'; reason: LookRefusal } {
  const { chain, runId, platforms, known } = question;
  const own = chain.runs.find((run) => run.id === runId && run.id !== chain.rootId)?.jobs;
  const jobs = own ?? effectiveJobs(chain);
  for (const platform of platforms) {
    if (jobs.some((job) => job.platform === platform)) continue;
    if (known.includes(platform)) {
      const reason = { kind: 'not_in_run' as const, platform, run: runId, platforms: jobs.map((job) => job.platform) };
      return { kind: 'refused', reason };
    }
    const reason = {
      kind: 'unknown_platform' as const,
      platform,
      known: [...known],
      nearest: nearest(platform, known),
    };
    return { kind: 'refused', reason };
  }
  return { kind: 'jobs', jobs: jobs.filter((job) => platforms.length === 0 || platforms.includes(job.platform)) };
}
