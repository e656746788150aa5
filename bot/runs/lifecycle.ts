/** What follows when an attempt at a job ends: done, another attempt later, or failed. */
import type { FailureKind } from '#scraper/errors.ts';
import { nextAttempt, type AttemptFailure, type RetryRules } from './retry-policy.ts';

/** How an attempt came out, as far as the decision needs it. */
export interface AttemptOutcome {
  status: 'completed' | 'partial' | 'failed';
  /** The failure that decided it; null only when completed. */
  failure: AttemptFailure | null;
}

export type NextMove =
  | { kind: 'finish'; status: 'completed' }
  | { kind: 'finish'; status: 'partial' | 'failed'; failureKind: FailureKind }
  | { kind: 'wait'; until: Date; failureKind: FailureKind };

/** Decides what follows an attempt. Pure: the same outcome, rules, time and chance give the same move. */
export function afterAttempt(input: {
  outcome: AttemptOutcome;
  attempt: number;
  rules: RetryRules;
  now: Date;
  random: () => number;
}): NextMove {
  const { outcome, attempt, rules, now, random } = input;
  if (outcome.status === 'completed') return { kind: 'finish', status: 'completed' };
  const failure = outcome.failure ?? { kind: 'internal', retryable: false, until: null };
  const until = nextAttempt({ failure, attempt, rules, now, random });
  if (until !== null) return { kind: 'wait', until, failureKind: failure.kind };
  return { kind: 'finish', status: outcome.status, failureKind: failure.kind };
}
