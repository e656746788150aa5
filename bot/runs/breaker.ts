/** When a platform that fails again and again is left alone, and when it is tried again. */
import type { FailureKind } from '#scraper/errors.ts';
import type { BreakerFacts, JobStatus } from './run.ts';

/** From `rescrape.config.ts`. */
export interface BreakerRules {
  /** So many failed jobs in a row open it; 0: never. */
  failures: number;
  /** It is left alone for so long, milliseconds; twice as long after each probe that fails, up to the longest. */
  coolMs: number;
  longestMs: number;
}

/** What counts against a platform: it answered, or did not, in a way that the next job will meet as well. */
export const countedKinds: readonly FailureKind[] = [
  'unreachable',
  'blocked',
  'not_found',
  'api_error',
  'drifted',
  'truncated',
  'too_large',
  'empty',
];

/** What becomes of a breaker when a job of its platform has ended; null: nothing. */
export type BreakerMove =
  | { kind: 'open'; failures: number; since: Date; probeAt: Date }
  | { kind: 'postpone'; probeAt: Date }
  | { kind: 'close' }
  | null;

/** Everything the decision depends on: `streak` counts the job that has ended, if it counts. */
export interface BreakerQuestion {
  end: { status: JobStatus; failureKind: FailureKind | null };
  term: BreakerFacts | null;
  streak: { failures: number; since: Date | null };
  rules: BreakerRules;
  now: Date;
}

/** Decides. Whatever a platform delivers closes its breaker: a part of it is an answer too. */
export function afterJob({ end, term, streak, rules, now }: BreakerQuestion): BreakerMove {
  if (end.status === 'completed' || end.status === 'partial') return term === null ? null : { kind: 'close' };
  if (end.status !== 'failed' || end.failureKind === null || !countedKinds.includes(end.failureKind)) return null;
  const later = (ms: number) => new Date(now.getTime() + ms);
  if (term !== null) {
    return {
      kind: 'postpone',
      probeAt: later(Math.min(rules.longestMs, rules.coolMs * 2 ** Math.min(term.probes + 1, 20))),
    };
  }
  if (rules.failures === 0 || streak.failures < rules.failures) return null;
  return { kind: 'open', failures: streak.failures, since: streak.since ?? now, probeAt: later(rules.coolMs) };
}
