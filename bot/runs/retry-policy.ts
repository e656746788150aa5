/** When a failed attempt is tried again by itself. Attempts are automatic; retries are people. */
import type { FailureKind } from '#scraper/errors.ts';

/** How often and when something is tried again. */
export interface RetryPolicy {
  /** Tries in all, the first one included. */
  attempts: number;
  /** The longest first wait, milliseconds; doubles with every attempt. */
  baseMs: number;
  /** No wait is longer, milliseconds. */
  capMs: number;
}

/** The policy by kind of failure: the first rule that names the kind holds, else the general one. */
export interface RetryRules {
  general: RetryPolicy;
  rules: readonly { kinds: readonly FailureKind[]; policy: RetryPolicy }[];
}

/** The policy of one kind of failure; null: of one that is not known, which is tried like most. */
export function policyFor({ general, rules }: RetryRules, kind: FailureKind | null): RetryPolicy {
  return rules.find((rule) => kind !== null && rule.kinds.includes(kind))?.policy ?? general;
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
  rules: RetryRules;
  now: Date;
  random: () => number;
}): Date | null {
  const { failure, attempt, now } = input;
  const policy = policyFor(input.rules, failure.kind);
  if (!failure.retryable || attempt >= policy.attempts) return null;
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  const earliest = now.getTime() + Math.floor(input.random() * ceiling);
  return new Date(failure.until === null ? earliest : Math.max(earliest, failure.until.getTime()));
}
