/** When a failed attempt is tried again by itself. Attempts are automatic; retries are people. */
import type { FailureKind } from '#scraper/errors.ts';

/** The settings of automatic attempts, from `rescrape.config.ts`. */
export interface RetryPolicy {
  /** Tries in all, the first one included. */
  attempts: number;
  /** The longest first wait, milliseconds; doubles with every attempt. */
  baseMs: number;
  /** No wait is longer, milliseconds. */
  capMs: number;
}

/** The failure that ended an attempt. */
export interface AttemptFailure {
  kind: FailureKind;
  retryable: boolean;
  /** When the site wants to be asked again, if it said so. */
  until: Date | null;
}

/**
 * The time of the next attempt, or null for none: exponential backoff with full jitter, so that many jobs which
 * failed together do not come back together. `random` is in [0, 1). A site that named a time is asked then, not before.
 */
export function nextAttempt(input: {
  failure: AttemptFailure;
  /** The attempt that just failed, 1-based. */
  attempt: number;
  policy: RetryPolicy;
  now: Date;
  random: () => number;
}): Date | null {
  const { failure, attempt, policy, now } = input;
  if (!failure.retryable || attempt >= policy.attempts) return null;
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  const earliest = now.getTime() + Math.floor(input.random() * ceiling);
  return new Date(failure.until === null ? earliest : Math.max(earliest, failure.until.getTime()));
}
