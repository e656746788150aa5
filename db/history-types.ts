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

/** One platform's day: the first five count chains by their result, the others jobs; see `rollup-schema.ts`. */
export interface PlatformDay {
  day: string;
  platform: string;
  complete: number;
  retried: number;
  partial: number;
  failed: number;
  missed: number;
  jobs: number;
  goodJobs: number;
  goodItems: number;
  retries: number;
  goodRetries: number;
}

/** How long good jobs took, half of them and 95 of 100, in milliseconds; `day` is null for the whole time asked for. */
export interface Durations {
  platform: string;
  day: string | null;
  p50Ms: number;
  p95Ms: number;
  jobs: number;
}

/** A finished job as charts show it. */
export interface JobPoint {
  platform: string;
  runId: number;
  status: JobStatus;
  items: number;
  itemsTotal: number;
  failureKind: FailureKind | null;
  accepted: boolean;
  retryNumber: number;
  startedAt: Date | null;
  finishedAt: Date;
}

/** A step's record over some time. */
export interface StepTotals {
  platform: string;
  step: string;
  ran: number;
  good: number;
  itemsDone: number;
  itemsFailed: number;
  tookMs: number;
}

/** What went wrong over some time, by step and kind. */
export interface FailureTotals {
  platform: string;
  step: string;
  kind: FailureKind;
  failures: number;
  jobs: number;
  lastRun: number;
}

/** A platform stopped delivering (`good` false) or delivers (again). */
export interface Turn {
  id: number;
  platform: string;
  good: boolean;
  runId: number;
  status: JobStatus;
  failureKind: FailureKind | null;
  at: Date;
}

/** A job that is still to end. */
export interface OpenJob {
  platform: string;
  runId: number;
  status: JobStatus;
  attempt: number;
  retryNumber: number;
  itemsTotal: number;
  items: number;
  nextAttemptAt: Date | null;
  startedAt: Date | null;
}

/** Finished runs of a day or, with a day like `2026-11`, of a month. */
export interface RunCounts {
  day: string;
  completed: number;
  partial: number;
  failed: number;
  cancelled: number;
  firstRun: number;
  lastRun: number;
}

/** Everything that is not the page of one run or a list of old ones. Lists are newest first unless said otherwise. */
export interface LiveFacts {
  platforms: PlatformHistory[];
  /** The last 90 days, oldest first. */
  days: PlatformDay[];
  /** Over 90 days, and by day, oldest first. */
  durations: Durations[];
  /** The newest finished jobs of each platform, oldest first. */
  points: JobPoint[];
  /** Over 30 days. */
  steps: StepTotals[];
  failures: FailureTotals[];
  turns: Turn[];
  runs: RunRow[];
  open: OpenJob[];
  months: RunCounts[];
}

/** A month of runs: its days, oldest first. */
export interface MonthFacts {
  days: RunCounts[];
  platforms: PlatformDay[];
}

/** Up to which run the history goes, and which runs are still to end: all that can still change. */
export interface Frontier {
  newest: number;
  open: number[];
}

/** What every page knows of the site it belongs to. */
export interface Site {
  /** The moment the page tells of, and when the next one follows at the latest. */
  generatedAt: Date;
  nextAt: Date;
  /** Where the site is reached, with a slash at the end. */
  address: string;
  /** The IANA zone times are shown in, like `Africa/Lagos`. */
  timeZone: string;
}

/** What a page is made from. */
export type PageFacts =
  | { kind: 'live'; live: LiveFacts }
  | { kind: 'run'; runId: number; chain: ChainHistory }
  | { kind: 'list'; first: number; last: number; rows: RunRow[] }
  | { kind: 'month'; month: string; facts: MonthFacts };
