/** What all steps of one attempt at one platform share. */
import { type Drift, driftOfAnswers } from './drift.ts';
import { type Failure, ScrapeError } from './errors.ts';
import { evidenceText } from './evidence.ts';
import { toFailure } from './failure.ts';
import type { FileStore } from './file-store.ts';
import type { DisposableHttp } from './http.ts';
import type { Platform, ScrapeContext, Step } from './platform.ts';
import type { ItemResult, StepCounts, StepResult } from './result.ts';
import { type BatchSize, createSettler, type Settler } from './settler.ts';
import { type Keeping, type WatchedSite, watchSite } from './step-site.ts';
import { LeftAlone, type StopRule } from './stop-rule.ts';

/** Failures kept of one attempt, besides the one that stopped it; the counts of the steps go on. */
const mostFailures = 50;

/** One attempt at one platform, as its steps see it. */
export interface Attempt {
  platform: Platform;
  context: ScrapeContext;
  http: DisposableHttp;
  rule: StopRule;
  /** Oldest first, capped. */
  failures: Failure[];
  country: string;
  concurrency: number;
  batch: BatchSize;
  /** One item first. */
  probe: boolean;
  now: () => Date;
  onInternalError: (error: unknown) => void;
  keeping: Keeping;
  onRemark: (text: string, step: string) => void;
  files: FileStore;
}

/** One step under way. */
export interface StepRun {
  /** The site for one item, or for the step itself. */
  siteFor(itemKey: string | null): WatchedSite;
  settler: Settler<ItemResult, Failure>;
  /** Makes what was thrown a failure of the step; null when nothing failed, because the site was being left alone. */
  fail(error: unknown, place?: { itemKey?: string; what?: string; atOnce?: boolean }): Failure | null;
  hasFailed(): boolean;
  /** The failure that decides the step, so far. */
  worst(): Failure | null;
  /** Stores what is left and reports the step. */
  finish(items: { total: number; done: number; failed: number }, counts?: StepCounts): Promise<StepResult>;
}

/** Starts a step: from here on its counters run and its row exists. */
export async function startStep(attempt: Attempt, step: Step): Promise<StepRun> {
  const { platform, context, http, rule, now } = attempt;
  const { signal } = context;
  const before = { ...http.counters };
  const stoppedBefore = rule.stopped;
  const own: StepCounts = {};
  const drifts: Drift[] = [];
  const failed = new Map<string, { first: Failure; times: number }>();
  const said = new Set<string>();
  const settler = createSettler<ItemResult, Failure>(attempt.batch, signal, async (results, failures) => {
    if (results.length > 0) await context.settle(step.name, results);
    if (failures.length > 0) await context.failed(failures);
  });

  function fail(
    error: unknown,
    { itemKey, what, atOnce }: { itemKey?: string; what?: string; atOnce?: boolean } = {},
  ): Failure | null {
    signal.throwIfAborted();
    if (error instanceof LeftAlone) return null;
    if (!(error instanceof ScrapeError)) attempt.onInternalError(error);
    const failure = toFailure(error, { platform: platform.id, step: step.name, itemKey: itemKey ?? null, what });
    if (failure.kind === 'not_found' && itemKey !== undefined) return failure;
    rule.failed(failure, atOnce);
    if (failure.kind === 'drifted' && itemKey !== undefined) drifts.push(driftOf(error, failure));
    const alike = failed.get(failure.kind);
    if (alike) alike.times += 1;
    else failed.set(failure.kind, { first: failure, times: 1 });
    if (attempt.failures.length < mostFailures || failure === rule.stopped) {
      attempt.failures.push(failure);
      settler.addFailure(failure);
    }
    return failure;
  }

  const given = {
    country: attempt.country,
    signal,
    now,
    files: attempt.files,
    due: () => context.due(),
    async keptAnswer(ofStep: string, itemKey: string) {
      const body = await context.keptAnswer(ofStep, itemKey);
      return body === null ? null : evidenceText(body);
    },
    count: (name: string, by = 1) => void (own[name] = (own[name] ?? 0) + by),
    report: (error: unknown, what?: string) => void fail(error, { what }),
    note(error: ScrapeError, key: string) {
      if (said.has(key)) return;
      said.add(key);
      settler.addFailure(toFailure(error, { platform: platform.id, step: step.name, itemKey: null }));
    },
    remark(text: string) {
      if (said.has(text)) return;
      said.add(text);
      attempt.onRemark(text, step.name);
    },
  };
  const siteFor = (itemKey: string | null) =>
    watchSite(given, { http, context, keeping: attempt.keeping, step: step.name, itemKey });

  const worst = () => (rule.stopped === stoppedBefore ? mostFrequent([...failed.values()]) : rule.stopped);

  function driftWords({ done, failed: broken }: { done: number; failed: number }): string | null {
    return driftOfAnswers(drifts, done + broken, (step.kind === 'items' ? step.noun : undefined) ?? platform.noun);
  }

  async function finish(items: { total: number; done: number; failed: number }, counts: StepCounts = {}) {
    await settler.flush();
    const decided = worst();
    const { requests, retries, redirects } = http.counters;
    // Told only where there are any: a site that moved is worth a look.
    const followed: StepCounts = redirects > before.redirects ? { redirects: redirects - before.redirects } : {};
    if (followed['redirects']) attempt.onRemark('requests were redirected to other addresses of the site', step.name);
    const result: StepResult = {
      name: step.name,
      status: decided ? 'failed' : 'success',
      itemsTotal: items.total,
      itemsDone: items.done,
      itemsFailed: items.failed,
      failure: decided?.kind === 'drifted' ? { ...decided, detail: driftWords(items) ?? decided.detail } : decided,
      counts: {
        ...own,
        ...counts,
        requests: requests - before.requests,
        retries: retries - before.retries,
        ...followed,
      },
    };
    await context.stepFinished(result);
    return result;
  }

  await context.stepStarted(step.name);
  return { siteFor, settler, fail, hasFailed: () => failed.size > 0, worst, finish };
}

/** Reports a step that is not run. */
export async function skipStep({ context }: Attempt, step: Step): Promise<StepResult> {
  const nothing = { itemsTotal: 0, itemsDone: 0, itemsFailed: 0, failure: null, counts: {} };
  const result: StepResult = { name: step.name, status: 'skipped', ...nothing };
  await context.stepFinished(result);
  return result;
}

/** Where an answer did not fit; all of it, where the error does not say. */
function driftOf(error: unknown, { detail }: Failure): Drift {
  return (error instanceof ScrapeError && error.drift) || { path: '', problem: detail, count: 1, of: 1 };
}

function mostFrequent(failed: readonly { first: Failure; times: number }[]): Failure | null {
  let most: { first: Failure; times: number } | null = null;
  for (const kind of failed) if (!most || kind.times > most.times) most = kind;
  return most?.first ?? null;
}
