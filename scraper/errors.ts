/** How a failed scrape looks from outside: one closed list of kinds, each with its verdict and its sentence. */
import { driftText, type Drift } from './drift.ts';

interface KindMeaning {
  /** Whether trying again later, unchanged, can help. */
  retryable: boolean;
  /** One plain sentence for people; `%` stands for the platform's id. Never contains anything scraped. */
  sentence: string;
}

/** Every way a scrape can fail. Adding a kind here makes the compiler name each place that must know it. */
export const failureKinds = {
  unreachable: { retryable: true, sentence: '% did not answer properly (connection, time-out or server error)' },
  rate_limited: { retryable: true, sentence: '% asked us to slow down' },
  blocked: { retryable: false, sentence: '% blocked us' },
  not_found: { retryable: false, sentence: '% no longer has this' },
  api_error: { retryable: true, sentence: '% answered with an error of its own' },
  drifted: { retryable: false, sentence: '% changed its answers; the scraper has to learn the new shape' },
  truncated: { retryable: true, sentence: '% cut its answer short' },
  too_large: { retryable: false, sentence: '% sent far more than expected, so we stopped reading' },
  empty: { retryable: false, sentence: '% delivered nothing at all' },
  dropped: { retryable: false, sentence: '% delivered far less than usual' },
  interrupted: { retryable: true, sentence: 'the worker scraping % was lost; another one took over' },
  connection_lost: { retryable: false, sentence: 'the chat this run belongs to went away before % was started' },
  left_alone: { retryable: false, sentence: '% is left alone for now, as it failed again and again' },
  cancelled: { retryable: false, sentence: '% was cancelled' },
  internal: { retryable: false, sentence: 'internal error while scraping %; the log has the details' },
} as const satisfies Record<string, KindMeaning>;

export type FailureKind = keyof typeof failureKinds;

/** One failure as data: what is stored, shown and decided upon. Never carries an error object. */
export interface Failure {
  kind: FailureKind;
  /** The kind's sentence, about this platform. Safe to show anywhere. */
  headline: string;
  /** What exactly happened, for whoever repairs it: status, path, field. May quote the site: treat as hostile text. */
  detail: string;
  retryable: boolean;
  /** The step it happened in. */
  step: string;
  /** The work item it happened to, or null when it was the step itself. */
  itemKey: string | null;
  /** For `rate_limited`: when the site wants to be asked again, ISO UTC. */
  until: string | null;
  /** What it has in common with failures of other platforms that have the same cause; null where the cause is the site. */
  fingerprint: Fingerprint | null;
}

/** What can break several platforms at once: no connections, a proxy, certificates, being refused, one status of many. */
export type Fingerprint = 'connection' | 'proxy' | 'certificate' | 'blocked' | `status ${number}`;

/** What an error may carry besides its kind and its detail. */
export interface ScrapeErrorOptions {
  cause?: unknown;
  until?: Date;
  drift?: Drift;
  fingerprint?: Fingerprint;
}

/** Thrown inside `scraper/` when a site's answer is unusable; becomes a {@link Failure} at the floor's edge. */
export class ScrapeError extends Error {
  readonly kind: FailureKind;
  readonly until: Date | null;
  /** For `drifted`: where and how often. */
  readonly drift: Drift | null;
  readonly fingerprint: Fingerprint | null;

  constructor(kind: FailureKind, detail: string, options: ScrapeErrorOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = 'ScrapeError';
    this.kind = kind;
    this.until = options.until ?? null;
    this.drift = options.drift ?? null;
    // Sites refuse in many ways; that several do so at once is one thing.
    this.fingerprint = options.fingerprint ?? (kind === 'blocked' ? 'blocked' : null);
  }
}

/** The error for an answer that no longer fits, in the words of {@link driftText}; in one place unless counts are given. */
export function drifted(where: Pick<Drift, 'path' | 'problem'> & Partial<Drift>): ScrapeError {
  const drift = { count: 1, of: 1, ...where };
  return new ScrapeError('drifted', driftText(drift), { drift });
}

/** The people's sentence for a kind, about one platform. */
export function failureSentence(kind: FailureKind, platform: string): string {
  return failureKinds[kind].sentence.replace('%', platform);
}
