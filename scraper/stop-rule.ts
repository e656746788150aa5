/** When to leave a site alone: it refuses us, or it is not there. */
import type { Failure, FailureKind } from './errors.ts';

/** A wait longer than this (milliseconds) is a matter for a later attempt. */
const longestWaitMs = 60_000;

/** What counts as a refusal, the plainest first: of several in a row it is the plainest that says why we left. */
const refusals: readonly FailureKind[] = ['blocked', 'rate_limited', 'unreachable'];

/** Thrown in place of sending a request once the site is to be left alone: the work in question was not tried. */
export class LeftAlone extends Error {
  override name = 'LeftAlone';
}

/** Counts refusals in a row over a whole attempt. */
export interface StopRule {
  /** The failure that decided, once one has. */
  readonly stopped: Failure | null;
  /** Aborted at that moment, with a {@link LeftAlone}. */
  readonly leave: AbortSignal;
  /** The site gave what was asked for, or said that it has it no more. */
  answered(): void;
  /** `atOnce`: a refusal is enough by itself, as when a step gave up over it. */
  failed(failure: Failure, atOnce?: boolean): void;
}

/** The site is left alone after `stopAfter` refusals in a row, or at once when it asks for a long wait. */
export function createStopRule(stopAfter: number, now: () => Date): StopRule {
  const leaving = new AbortController();
  let inARow = 0;
  let plainest: Failure | null = null;
  let stopped: Failure | null = null;
  return {
    get stopped() {
      return stopped;
    },
    leave: leaving.signal,
    answered() {
      inARow = 0;
      plainest = null;
    },
    failed(failure, atOnce = false) {
      if (stopped || !refusals.includes(failure.kind)) return;
      inARow += 1;
      if (plainest === null || refusals.indexOf(failure.kind) <= refusals.indexOf(plainest.kind)) plainest = failure;
      const longWait = failure.until !== null && Date.parse(failure.until) - now().getTime() > longestWaitMs;
      const refused = atOnce && failure.kind !== 'unreachable';
      if (inARow < stopAfter && !longWait && !refused) return;
      stopped = plainest;
      leaving.abort(new LeftAlone());
    },
  };
}
