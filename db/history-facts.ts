/** What the pages of the status page are made from: sums over days, what is newest, and the site itself. */
import type { ChainHistory, FailureKind, JobStatus, PlatformHistory, RunRow } from './history-types.ts';

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
  /** How its newest attempt failed. */
  failureKind: FailureKind | null;
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

/** What somebody announced, until `endsAt`. */
export interface NoteHistory {
  id: number;
  text: string;
  startsAt: Date;
  endsAt: Date;
}

/**
 * A schedule: its next slot, or the one that should have begun and has not; both null while it is paused. Of the last 24
 * hours it is counted how many slots were missed (nobody was there) and overlapped (the run before was still at work).
 */
export interface SlotHistory {
  schedule: string;
  nextAt: Date | null;
  lateSinceAt: Date | null;
  pausedAt: Date | null;
  /** Null while paused: until somebody resumes it. */
  pausedUntilAt: Date | null;
  missed: number;
  missedAt: Date | null;
  overlapped: number;
  overlappedAt: Date | null;
}

/** A platform that is left alone, as it failed again and again: runs skip it until `untilAt`, then one probes it. */
export interface BreakerHistory {
  platform: string;
  sinceAt: Date;
  untilAt: Date;
  /** How many jobs had failed in a row, since when, how the last one did, and in which run. */
  failures: number;
  failingSinceAt: Date;
  failureKind: FailureKind;
  runId: number;
  /** Probes that have failed since. */
  probes: number;
}

/** A platform whose failures ping nobody; `untilAt` null: until it works again. */
export interface MuteHistory {
  platform: string;
  sinceAt: Date;
  untilAt: Date | null;
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
  /** The newest, past ones included. */
  notes: NoteHistory[];
  slots: SlotHistory[];
  breakers: BreakerHistory[];
  mutes: MuteHistory[];
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
  /** How many attempts a job has in all, by how its last one failed. */
  attempts: Partial<Record<FailureKind, number>>;
}

/** What a page is made from. */
export type PageFacts =
  | { kind: 'live'; live: LiveFacts }
  | { kind: 'run'; runId: number; chain: ChainHistory }
  | { kind: 'list'; first: number; last: number; rows: RunRow[] }
  | { kind: 'month'; month: string; facts: MonthFacts };
