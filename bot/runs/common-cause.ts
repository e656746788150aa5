/** When failures of several platforms have one cause, and who of them is tried first. */
import type { Failure, PlatformResult } from '#scraper/index.ts';
import type { Chain, CommonCause, JobFacts } from './run.ts';

/** What a failed attempt may have in common with other platforms; null when it got on, or the cause is its own. */
export function commonFingerprint(result: PlatformResult, failure: Failure | null): string | null {
  // A few items that broke among many that did not say nothing of what lies between us and the site.
  const brokeOff = result.status === 'failed' || result.stopped !== null;
  return brokeOff ? (failure?.fingerprint ?? null) : null;
}

/** Whether an attempt that ended so tells nothing of the site and the way there. */
export function saysNothing(failure: Failure | null): boolean {
  return failure?.kind === 'internal' || failure?.kind === 'interrupted';
}

/** The cause of a job's newest failure that other platforms had as well, or null. */
export function causeOf(job: JobFacts, causes: readonly CommonCause[]): CommonCause | null {
  const { fingerprint, failedAt, platform } = job;
  if (failedAt === null) return null;
  const alike = causes.filter(
    (cause) =>
      cause.fingerprint === fingerprint &&
      cause.platforms.includes(platform) &&
      cause.since <= failedAt &&
      (cause.closedAt === null || failedAt <= cause.closedAt),
  );
  return alike.at(-1) ?? null;
}

/** The platform whose try a job waits for before it gets its own, or null; as the claim decides it. */
export function waitsFor(job: JobFacts, { runs, causes }: Pick<Chain, 'runs' | 'causes'>): string | null {
  const asked = job.retryNumber > 0 && !job.rescrape;
  if ((job.status !== 'pending' && job.status !== 'waiting') || job.backfill !== null || asked) return null;
  const others = runs.find((run) => run.id === job.runId)?.jobs.filter((other) => other.id !== job.id) ?? [];
  for (const cause of causes) {
    if (cause.closedAt !== null || !cause.platforms.includes(job.platform)) continue;
    const first = others.find(
      (other) => other.id < job.id && other.finishedAt === null && cause.platforms.includes(other.platform),
    );
    const tried = others.some((other) => other.finishedAt !== null && triedSince(other, cause));
    if (first !== undefined && !tried) return first.platform;
  }
  return null;
}

function triedSince({ fingerprint, failedAt }: JobFacts, cause: CommonCause): boolean {
  return fingerprint === cause.fingerprint && failedAt !== null && failedAt > cause.openedAt;
}
