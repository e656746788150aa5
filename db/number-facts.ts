/** The numbers of a time: how platforms, steps and retries did. Counts of what ended in it; backfills are in none. */

/** How far back numbers go. */
export type Span = '24h' | '7d' | '30d' | '90d';

export interface PlatformNumbers {
  platform: string;
  /** Jobs that came to a result, without retries, and how many of them are good. */
  jobs: number;
  good: number;
  retries: number;
  goodRetries: number;
  /** How long whole good scrapes took; null when there was none. */
  tookMs: { p50: number; p95: number; p99: number } | null;
  steps: { step: string; ran: number; good: number }[];
}

/** What went wrong, the most frequent first. */
export interface FailureNumbers {
  platform: string;
  step: string;
  kind: string;
  jobs: number;
  /** The newest run it happened in. */
  lastRun: number;
}

/** What became of retries that people started, by what they were to fix; the most frequent first. */
export interface RetryNumbers {
  platform: string;
  step: string;
  kind: string;
  retries: number;
  fixed: number;
}

export interface Numbers {
  platforms: PlatformNumbers[];
  failures: FailureNumbers[];
  retries: RetryNumbers[];
}
