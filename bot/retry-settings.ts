/** How failed attempts are tried again by themselves, as it is set in `rescrape.config.ts`. */
import { z } from 'zod';
import { failureKinds, type FailureKind } from '#scraper/errors.ts';
import type { RetryPolicy, RetryRules } from '#bot/runs/retry-policy.ts';

/** What trying again, later and unchanged, can help. */
const retryable = (Object.keys(failureKinds) as FailureKind[]).filter((kind) => failureKinds[kind].retryable);

const policy = {
  /** Tries in all, the first one included. */
  attempts: z.int().min(1).max(10),
  /** The longest first wait in seconds; doubles with every attempt. */
  baseSeconds: z.number().positive().max(3600),
  /** No wait is longer, seconds. */
  capSeconds: z.number().positive().max(86_400),
};

const RetryRule = z.strictObject({
  /** The kinds of failure it is for. Of the others, such as blocks, trying again changes nothing. */
  kinds: z.array(z.enum(retryable, { error: `expected one of ${retryable.join(', ')}` })).min(1),
  attempts: policy.attempts.optional(),
  baseSeconds: policy.baseSeconds.optional(),
  capSeconds: policy.capSeconds.optional(),
});

/** The settings of attempts and of retries. */
export const RetrySettings = z
  .strictObject({
    attempts: policy.attempts.default(3),
    baseSeconds: policy.baseSeconds.default(5),
    capSeconds: policy.capSeconds.default(300),
    /** The first that names a failure's kind holds for it; what it leaves out is as for all others. */
    rules: z.array(RetryRule).max(20).default([]),
    /** Runs older than this many days are not continued by a retry. */
    maxRunAgeDays: z.number().positive().max(365).default(7),
  })
  .prefault({});

/** The rules as decisions need them. */
export function retryRules({ rules, ...general }: z.infer<typeof RetrySettings>): RetryRules {
  const policyOf = (set: { attempts: number; baseSeconds: number; capSeconds: number }): RetryPolicy => ({
    attempts: set.attempts,
    baseMs: set.baseSeconds * 1_000,
    capMs: set.capSeconds * 1_000,
  });
  return {
    general: policyOf(general),
    rules: rules.map(({ kinds, ...own }) => {
      const { attempts = general.attempts, baseSeconds = general.baseSeconds, capSeconds = general.capSeconds } = own;
      return { kinds, policy: policyOf({ attempts, baseSeconds, capSeconds }) };
    }),
  };
}
