/** What messages need to know of a platform. */
import type { JobFacts } from '#bot/runs/run.ts';
import type { RetryTerms } from '#bot/runs/retry-run.ts';

/** What items are called, once and many times. */
export interface Noun {
  one: string;
  many: string;
}

/** The words and terms of one platform. */
export interface PlatformWords {
  noun: Noun;
  /** What the items of a step are called, where that is not the platform's own noun. */
  nouns: Partial<Record<string, Noun>>;
  terms: RetryTerms;
  /** What can be backfilled. */
  backfills: readonly string[];
}

/** What is told to whom, and how much of it; set in `rescrape.config.ts`. */
export interface Courtesies {
  /** Whoever started a run is mentioned when it ends badly. */
  mentionStarter: boolean;
  /** Whether what is complete has a reply of its own, or is told on the card alone. */
  onSuccess: 'card' | 'thread';
}

/** How messages are made: who the platforms are, what time it is, and where more can be seen. */
export interface Telling {
  platform: (id: string) => PlatformWords;
  now: Date;
  /** Runs older than this are not continued by a retry, days. */
  maxRunAgeDays: number;
  courtesies: Courtesies;
  /** How many attempts a job gets in all that failed like this. */
  attempts: (kind: JobFacts['failureKind']) => number;
  /** IANA zone in which times are told. */
  timeZone: string;
  /** Address of the status page, with a slash at its end, or null when there is none. */
  statusUrl: string | null;
}

/** What the items of one step are called. */
export function nounOf({ noun, nouns }: PlatformWords, step: string): Noun {
  return nouns[step] ?? noun;
}
