/** From what was thrown to a {@link Failure}: the border where errors become data. */
import { type Failure, failureKinds, failureSentence, ScrapeError } from './errors.ts';
import { fromWild } from './well-formed.ts';

/** Bytes of a failure's detail; what is longer helps nobody and may be a whole page. */
const detailBytes = 2000;

/** Where a failure happened. */
export interface FailurePlace {
  platform: string;
  step: string;
  itemKey: string | null;
  /** Put before the detail: which of several things it was. */
  what?: string;
}

/** A ScrapeError keeps its kind and detail; anything else is a programmer's error and shows nothing of itself. */
export function toFailure(error: unknown, { platform, step, itemKey, what }: FailurePlace): Failure {
  const known = error instanceof ScrapeError ? error : new ScrapeError('internal', 'see the log');
  return {
    kind: known.kind,
    headline: failureSentence(known.kind, platform),
    detail: fromWild(what === undefined ? known.message : `${what}: ${known.message}`, detailBytes),
    retryable: failureKinds[known.kind].retryable,
    step,
    itemKey,
    until: known.until?.toISOString() ?? null,
    fingerprint: known.fingerprint,
  };
}
