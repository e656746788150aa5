/** The facts that decisions and messages are made from: plain rows of a chain, read in one go, no behaviour. */
import type { FailureKind } from '#scraper/errors.ts';

export type RunStatus = 'pending' | 'running' | 'completed' | 'partial' | 'failed' | 'connection_failed' | 'cancelled';

export type JobStatus =
  'pending' | 'running' | 'waiting' | 'completed' | 'partial' | 'failed' | 'skipped' | 'cancelled';

export type StepStatus = 'pending' | 'running' | 'success' | 'failed' | 'skipped';

export interface Person {
  surface: string;
  id: string;
  name: string;
}

/** Somebody muted a platform: what breaks is told quietly until it works, or until a time. */
export interface MuteFacts {
  platform: string;
  by: Person;
  since: Date;
  /** When it ends if nothing ended it before; null: not by time. */
  until: Date | null;
  endedAt: Date | null;
  /** The run whose success ended it; null when it has not ended, or somebody ended it. */
  endedRun: number | null;
}

/** A platform failed again and again, and was left alone until it worked. */
export interface BreakerFacts {
  platform: string;
  /** In a row, probes included, and since when. */
  failures: number;
  failingSince: Date;
  kind: FailureKind;
  openedAt: Date;
  openedRun: number;
  /** Before this nobody tries it, unless a person does. */
  nextProbeAt: Date;
  /** Probes that have failed. */
  probes: number;
  closedAt: Date | null;
  closedRun: number | null;
}

/** Several platforms failed in the same way: what broke them lies with none of them. */
export interface CommonCause {
  id: number;
  fingerprint: string;
  /** In the order in which they joined; the last of the first two made it a common one. */
  platforms: string[];
  /** When the first of those attempts failed. */
  since: Date;
  openedAt: Date;
  openedRun: number;
  closedAt: Date | null;
  /** The run in which one of them got on. */
  closedRun: number | null;
}

/** How a platform did in other runs before a job and after it. */
export interface StreakFacts {
  /** Runs before it, in a row, in which the platform broke; since when, the first of them, and the end of the last. */
  before: number;
  since: Date | null;
  firstRun: number | null;
  previousAt: Date | null;
  /** The first run after it that completed the platform; null for a job that is complete itself. */
  recovered: { run: number; at: Date } | null;
}

/** One hold of one step, as it really ran. */
export interface StepFacts {
  name: string;
  attempt: number;
  status: StepStatus;
  itemsTotal: number;
  itemsDone: number;
  itemsFailed: number;
  errorKind: FailureKind | null;
  /** What decided the step, told over all its items; may quote the site. */
  error: string | null;
}

/** Failures of a job that look alike, counted; `detail` is the first one's and may quote the site. */
export interface FailureFacts {
  kind: FailureKind;
  headline: string;
  detail: string;
  step: string;
  count: number;
}

/** Work items of one step: all there are, and how many are stored, wherever in the chain that was done. */
export interface FurtherItems {
  step: string;
  total: number;
  stored: number;
  failed: number;
}

/** What became of a backfill's listings, over its chain: of those `without`, nothing is to be had any more. */
export interface BatchFacts {
  listings: number;
  succeeded: number;
  without: number;
  failed: number;
}

/** One platform within one run. */
export interface JobFacts {
  id: number;
  runId: number;
  platform: string;
  status: JobStatus;
  /** Which retry it is, from 1; 0 for an original. A re-scrape, which is none, has the number before it. */
  retryNumber: number;
  rescrape: boolean;
  attempt: number;
  fromStep: string;
  nextAttemptAt: Date | null;
  /** The step the job is measured by: what `items…` count. */
  itemStep: string;
  /** What it backfills, its listings, and how many lacked it still when it had ended; null for a scrape. */
  backfill: { what: string; batch: BatchFacts; left: number | null } | null;
  /** All items of the platform: kept from the chain, done here, and still missing. */
  itemsTotal: number;
  itemsKept: number;
  itemsDone: number;
  itemsFailed: number;
  /** What later steps have to do beyond that, in the order of their names. */
  further: FurtherItems[];
  /** Of those kept and done, how many the site no longer had. */
  itemsGone: number;
  failureKind: FailureKind | null;
  /** How its newest attempt failed, where that may have a cause in common with other platforms, and when. */
  fingerprint: string | null;
  failedAt: Date | null;
  /**
   * What the retry that would be next came to where the same had failed: same platform, step and kind, in the 90 days
   * before the day it ended. These days are over, so it never changes. Null for what did not break, or was never retried.
   */
  precedent: { step: string; cases: number; fixed: number } | null;
  /** Who took a doubtful result as it is, and why; null for a job nobody had to vouch for. */
  accepted: { by: Person; why: string; at: Date } | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Whether the list of work items is whole: the `discover` step succeeded here or in the job it continues. */
  discovered: boolean;
  /** When the oldest item of `itemStep` still missing was discovered; null when none is missing. */
  discoveredAt: Date | null;
  /** When the oldest and the newest item that its chain has done was stored; only for a job that ended incomplete. */
  stored: { from: Date; to: Date } | null;
  /** Null while it works, for what was not tried, and for backfills. */
  streak: StreakFacts | null;
  steps: StepFacts[];
  failures: FailureFacts[];
}

/** A file in a run's thread. */
export interface FileFacts {
  id: number;
  name: string;
  /** `missing`, or the kind of its records. */
  holds: string;
  platforms: string[];
  rows: number;
  /** Whether it holds all there was. */
  whole: boolean;
  by: Person;
}

/** One run with its jobs. */
export interface RunFacts {
  id: number;
  status: RunStatus;
  trigger: string;
  retryOf: number | null;
  rootId: number;
  rescrapeOf: number | null;
  platforms: string[];
  requestedBy: Person;
  /** The surface it was asked for on, where people watch it; null when nobody does. */
  homeSurface: string | null;
  /** Since when its home was out of reach, when platforms were left out because of that; else null. */
  lostSince: Date | null;
  /** Who ended it before it was done; null for all that came to their end by themselves. */
  cancelledBy: Person | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  jobs: JobFacts[];
  /** Files that were put into its thread, oldest first. */
  files: FileFacts[];
  /** Times of its schedule that were skipped because it was still at work; null for none. */
  overlapped: { count: number; first: Date; last: Date } | null;
}

/** A root run and every run that continues it, oldest first; the root is `runs[0]`. */
export interface Chain {
  rootId: number;
  runs: [RunFacts, ...RunFacts[]];
  /** Mutes of its platforms that held at any time since it began, oldest first. */
  mutes: MuteFacts[];
  /** Terms in which its platforms were left alone, of those that held at any time since it began, oldest first. */
  breakers: BreakerFacts[];
  /** Common causes of its platforms' failures, of those that held at any time since it began, oldest first. */
  causes: CommonCause[];
}
