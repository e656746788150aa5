/** What the status page is told, as the views of schema `status` know it. Days are days in UTC, `2026-11-23`. */
import type { JobStatus, RunStatus, StepStatus } from './run-facts.ts';
import type { FailureKind } from '#scraper/errors.ts';

export type { JobStatus, RunStatus, StepStatus } from './run-facts.ts';
export type { FailureKind } from '#scraper/errors.ts';

/** A platform's newest finished job, its last complete one, and since when it delivers (`good`) or does not. */
export interface PlatformHistory {
  platform: string;
  status: JobStatus;
  runId: number;
  finishedAt: Date;
  failureKind: FailureKind | null;
  items: number;
  itemsTotal: number;
  lastGoodRunId: number | null;
  lastGoodAt: Date | null;
  /** Somebody took a doubtful result as it is: it counts as complete. */
  accepted: boolean;
  good: boolean | null;
  sinceRunId: number | null;
  sinceAt: Date | null;
}

/** One hold of one step, as it really ran: a lost worker's step stays, failed as `interrupted`. */
export interface StepHistory {
  name: string;
  attempt: number;
  status: StepStatus;
  itemsTotal: number;
  itemsDone: number;
  itemsFailed: number;
  /** What was counted besides, under names of ours: `prices`, `unknownMarket`. */
  counts: Readonly<Record<string, number>>;
  errorKind: FailureKind | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Failures of one step and kind, counted; the headline is the kind's sentence, never a site's words. */
export interface FailureHistory {
  step: string;
  kind: FailureKind;
  headline: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

/** One platform within one run; steps in the order they ran, failures by their first occurrence. */
export interface JobHistory {
  id: number;
  platform: string;
  status: JobStatus;
  retryNumber: number;
  attempt: number;
  fromStep: string;
  itemsTotal: number;
  itemsKept: number;
  itemsDone: number;
  itemsFailed: number;
  failureKind: FailureKind | null;
  accepted: boolean;
  nextAttemptAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  steps: StepHistory[];
  failures: FailureHistory[];
}

/** What a run is, without its jobs; of whoever asked for it only the surface is known here. */
export interface RunHead {
  id: number;
  status: RunStatus;
  trigger: string;
  retryOf: number | null;
  rootId: number;
  rescrapeOf: number | null;
  /** What it backfills, `images` or a field; null for a scrape. */
  backfill: string | null;
  platforms: string[];
  surface: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** One run with everything that belongs to it. */
export interface RunHistory extends RunHead {
  jobs: JobHistory[];
}

/** A root run and every run that continues it, oldest first. */
export interface ChainHistory {
  rootId: number;
  runs: RunHistory[];
}

/** A run as lists show it; `chain` are the numbers of all runs of its chain, its own included. */
export interface RunRow extends RunHead {
  jobs: { platform: string; status: JobStatus; failureKind: FailureKind | null; accepted: boolean }[];
  chain: number[];
}

export type * from './history-facts.ts';
