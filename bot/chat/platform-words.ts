/** What messages need to know of a platform. */
import type { RetryTerms } from '#bot/runs/retry-run.ts';

/** The words and terms of one platform. */
export interface PlatformWords {
  noun: { one: string; many: string };
  terms: RetryTerms;
}

/** How messages are made: who the platforms are, what time it is, and where more can be seen. */
export interface Telling {
  platform: (id: string) => PlatformWords;
  now: Date;
  /** How many attempts a job gets in all. */
  attempts: number;
  /** IANA zone in which times are told. */
  timeZone: string;
  /** Address of the status page, with a slash at its end, or null when there is none. */
  statusUrl: string | null;
}
