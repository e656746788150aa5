/** What came of retries of the same failure before: said under what broke, so that a press is worth it. */
import { WORTH_TELLING } from '#bot/runs/numbers.ts';
import { nextRetryNumber, type JobFacts } from '#bot/runs/run.ts';
import type { Line } from './message.ts';

/** Fewer fixed than this share, and a retry is hardly worth a press. */
const HARDLY = 0.1;

const failures: Partial<Record<NonNullable<JobFacts['failureKind']>, string>> = {
  unreachable: 'Timeouts and server errors',
  rate_limited: 'Rate limits',
  blocked: 'Blocks',
  not_found: 'Missing pages',
  api_error: 'Errors of its API',
  drifted: 'Changed answers',
  truncated: 'Answers cut short',
  too_large: 'Answers too large',
  empty: 'Empty deliveries',
  dropped: 'Small deliveries',
  interrupted: 'Lost workers',
  internal: 'Internal errors',
};

const ordinals = ['first', 'second', 'third'];

/** `Timeouts and server errors in extract: the first retry fixed 17 of 21 in 90 days`; null where too little is known. */
export function adviceLine(job: JobFacts): Line | null {
  const { precedent, failureKind } = job;
  if (precedent === null || failureKind === null || precedent.cases < WORTH_TELLING) return null;
  const { step, cases, fixed } = precedent;
  const what = failures[failureKind] ?? 'Failures like this';
  const which = ordinals[nextRetryNumber(job) - 1] ?? 'next';
  const count = fixed === 0 ? `none of ${cases}` : fixed === cases ? `all ${cases}` : `${fixed} of ${cases}`;
  const hardly = fixed < HARDLY * cases ? ', so another will hardly help' : '';
  return { tone: 'quiet', name: '', text: `${what} in ${step}: the ${which} retry fixed ${count} in 90 days${hardly}` };
}
