/** Whether a person may retry, what the retry will do, and why not when not. */
import { nearest } from './nearest.ts';
import { isDoubtful } from './accept.ts';
import {
  effectiveJobs,
  isComplete,
  isFinished,
  itemsDelivered,
  itemsKept,
  nextRetryNumber,
  RETRY_LIMIT,
  type Chain,
  type JobFacts,
  type RunFacts,
} from './run.ts';

/** What a retry needs to know of a platform: how long what it discovers stays good, and its first two steps. */
export interface RetryTerms {
  maxAgeMs: number;
  firstStep: string;
  /** The step that works on what the first one found. */
  itemStep: string;
}

/** Where one platform's retry starts and what it keeps. */
export interface RetryPart {
  platform: string;
  sourceJobId: number;
  retryNumber: number;
  fromStep: string;
  /** Items that are stored already and will not be asked for again. */
  kept: number;
  /** Items known in all; null when the list has to be made anew. */
  total: number | null;
  /** What steps after that one keep, where they have something left to do. */
  further?: { step: string; kept: number; total: number }[];
  /** How old the list is that is made anew because of its age, milliseconds; null when age is not the reason. */
  listAgeMs: number | null;
  /** Set when only a part of what is stored is young enough to be kept: what is younger than this, milliseconds. */
  keptWithinMs: number | null;
}

/** Why one platform, or the whole request, is refused. */
export type RetryRefusal =
  | { kind: 'unknown_run'; run: number }
  | { kind: 'no_run' }
  | { kind: 'unknown_platform'; platform: string; known: string[]; nearest: string | null }
  | { kind: 'not_in_run'; platform: string; run: number; platforms: string[] }
  | { kind: 'still_running'; run: number; platform: string | null }
  /** `itself`: nobody asked, it is a re-scrape. */
  | { kind: 'being_retried'; platform: string; run: number; by: string; itself?: true }
  | { kind: 'nothing_failed'; run: number }
  | { kind: 'not_failed'; platform: string; run: number }
  | { kind: 'accepted'; platform: string; run: number; by: string }
  | { kind: 'already_retried'; platform: string; run: number; by: number }
  /** `backfill`: what it was of, for a backfill is not begun anew by a run of the platform. */
  | { kind: 'retries_used'; platform: string; run: number; limit: number; backfill?: string }
  | { kind: 'too_old'; run: number; days: number; backfill?: { platform: string; what: string } };

export type RetryDecision =
  | { kind: 'start'; parts: [RetryPart, ...RetryPart[]]; refused: RetryRefusal[] }
  | { kind: 'refused'; reasons: [RetryRefusal, ...RetryRefusal[]] };

/** Everything the decision depends on. */
export interface RetryQuestion {
  chain: Chain;
  /** The run the person named; a member of the chain. */
  runId: number;
  /** Empty: all that failed. */
  platforms: readonly string[];
  /** True when a button was pressed: it stands for the results up to its run, and is void once there is a newer one. */
  pressed: boolean;
  known: readonly string[];
  terms: (platform: string) => RetryTerms;
  /** Runs older than this are not continued, days. */
  maxRunAgeDays: number;
  now: Date;
}

/** Decides a retry: each eligible platform becomes a part of one retry run, the others are named with their reason. */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { chain, runId, now } = question;
  const root = chain.runs[0];
  const days = (now.getTime() - root.createdAt.getTime()) / 86_400_000;
  if (days > question.maxRunAgeDays) {
    const [first] = root.jobs;
    const backfill = first?.backfill ? { platform: first.platform, what: first.backfill.what } : null;
    return {
      kind: 'refused',
      reasons: [{ kind: 'too_old', run: runId, days: Math.floor(days), ...(backfill && { backfill }) }],
    };
  }
  const newest = new Map(effectiveJobs(chain).map((job) => [job.platform, job]));
  const asked = [...new Set(question.platforms)];
  if (asked.length === 0) {
    const open = chain.runs.find((run) => run.id === runId && run.finishedAt === null);
    if (open !== undefined) {
      return { kind: 'refused', reasons: [{ kind: 'still_running', run: open.id, platform: null }] };
    }
    asked.push(...[...newest.values()].filter((job) => !isComplete(job)).map((job) => job.platform));
    if (asked.length === 0) return { kind: 'refused', reasons: [{ kind: 'nothing_failed', run: runId }] };
  }
  const parts: RetryPart[] = [];
  const refused: RetryRefusal[] = [];
  for (const platform of asked) {
    const answer = decidePlatform(question, platform, newest.get(platform));
    if ('kind' in answer) refused.push(answer);
    else parts.push(answer);
  }
  const [firstPart, ...otherParts] = parts;
  if (firstPart !== undefined) return { kind: 'start', parts: [firstPart, ...otherParts], refused };
  const [firstReason, ...otherReasons] = refused;
  return { kind: 'refused', reasons: [firstReason ?? { kind: 'nothing_failed', run: runId }, ...otherReasons] };
}

function decidePlatform(
  question: RetryQuestion,
  platform: string,
  job: JobFacts | undefined,
): RetryPart | RetryRefusal {
  const { chain, runId, known } = question;
  if (job === undefined) {
    if (!known.includes(platform)) {
      return { kind: 'unknown_platform', platform, known: [...known], nearest: nearest(platform, known) };
    }
    return { kind: 'not_in_run', platform, run: runId, platforms: chain.runs[0].platforms };
  }
  if (!isFinished(job)) {
    const run = runOf(chain, job);
    if (run.id === run.rootId) return { kind: 'still_running', run: run.id, platform };
    const itself = run.rescrapeOf === null ? {} : { itself: true as const };
    return { kind: 'being_retried', platform, run: run.id, by: run.requestedBy.name, ...itself };
  }
  if (job.accepted !== null) return { kind: 'accepted', platform, run: job.runId, by: job.accepted.by.name };
  if (isComplete(job)) return { kind: 'not_failed', platform, run: job.runId };
  if (question.pressed && job.runId > runId) {
    return { kind: 'already_retried', platform, run: runId, by: job.runId };
  }
  if (nextRetryNumber(job) > RETRY_LIMIT)
    return {
      kind: 'retries_used',
      platform,
      run: chain.rootId,
      limit: RETRY_LIMIT,
      ...(job.backfill && { backfill: job.backfill.what }),
    };
  return planPart(job, question.terms(platform), question.now);
}

/**
 * Where a retry of this job would start. Shown on the button before it is pressed and decided again at the press,
 * by this one function, so that the two cannot differ but by the time between them.
 */
export function planPart(job: JobFacts, terms: RetryTerms, now: Date): RetryPart {
  const further = job.further.filter(({ total, stored }) => stored < total);
  const part = {
    platform: job.platform,
    sourceJobId: job.id,
    retryNumber: nextRetryNumber(job),
    ...(further.length > 0 && { further: further.map(({ step, stored, total }) => ({ step, kept: stored, total })) }),
  };
  // A backfill's list was made from what is stored, and does not age.
  if (job.backfill !== null) {
    const kept = { fromStep: job.itemStep, kept: itemsKept(job), total: job.itemsTotal };
    return { ...part, ...kept, listAgeMs: null, keptWithinMs: null };
  }
  // What was discovered ages; what came out of records does not.
  const age = (at: Date) => now.getTime() - at.getTime();
  const listAge = job.discoveredAt === null ? 0 : age(job.discoveredAt);
  const tooOld = listAge > terms.maxAgeMs;
  if (job.discovered && job.itemsTotal > 0 && !tooOld && !isDoubtful(job)) {
    const whole = { listAgeMs: null, keptWithinMs: null };
    const [first, ...others] = part.further ?? [];
    if (first !== undefined && itemsKept(job) === job.itemsTotal) {
      return { ...part, ...whole, fromStep: first.step, kept: first.kept, total: first.total, further: others };
    }
    return { ...part, ...whole, fromStep: terms.itemStep, kept: itemsKept(job), total: job.itemsTotal };
  }
  // Found again, an item is kept if it was done within the platform's age: all, some or none of them.
  const none = job.stored === null || age(job.stored.to) > terms.maxAgeMs;
  const all = job.stored !== null && age(job.stored.from) <= terms.maxAgeMs;
  return {
    ...part,
    fromStep: terms.firstStep,
    kept: none ? 0 : itemsDelivered(job),
    total: null,
    listAgeMs: tooOld ? listAge : null,
    keptWithinMs: none || all ? null : terms.maxAgeMs,
  };
}

function runOf(chain: Chain, job: JobFacts): RunFacts {
  return chain.runs.find((run) => run.id === job.runId) ?? chain.runs[0];
}
