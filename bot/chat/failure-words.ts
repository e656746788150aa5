/** Why a job broke, in the words of its failures. */
import type { FailureFacts, JobFacts } from '#bot/runs/run.ts';

/** A job's failures, the one that decided it first. */
export function decisiveFirst(job: JobFacts): FailureFacts[] {
  return job.failures.toSorted((a, b) => Number(b.kind === job.failureKind) - Number(a.kind === job.failureKind));
}

/** What exactly happened, for whoever repairs it. What changed in many answers is told over all of them. */
export function exactly(job: JobFacts, failure: FailureFacts): string {
  const overall = job.steps.findLast((step) => step.name === failure.step && step.errorKind === failure.kind);
  return (failure.kind === 'drifted' ? overall?.error : null) ?? failure.detail;
}

/** `it blocked us`: a failure's sentence where the platform is named already. */
export function itSays(platform: string, headline: string): string {
  return headline.startsWith(`${platform} `) ? `it${headline.slice(platform.length)}` : headline;
}

/** `connection lost`: the kind alone, for what never began. */
export function kindWords(job: JobFacts): string {
  return job.failureKind?.replaceAll('_', ' ') ?? 'stopped';
}

/** `blocked us`: the same on a line that begins with the platform's name. */
export function reason(job: JobFacts): string {
  const [first] = decisiveFirst(job);
  if (first === undefined) return kindWords(job);
  return first.headline.startsWith(`${job.platform} `) ? first.headline.slice(job.platform.length + 1) : first.headline;
}
