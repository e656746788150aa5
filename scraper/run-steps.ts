/** One attempt at one platform, from its first step to its result. Nothing the site does makes this throw. */
import type { Attempt } from './attempt.ts';
import { skipStep } from './attempt.ts';
import { systemClock } from './clock.ts';
import { discoverItems } from './discover-items.ts';
import type { FileStore } from './file-store.ts';
import { createHttp, type HttpOptions } from './http.ts';
import type { Pace, Platform, ScrapeContext, Step } from './platform.ts';
import type { PlatformResult, StepResult } from './result.ts';
import type { BatchSize } from './settler.ts';
import { createStopRule } from './stop-rule.ts';
import { workItems } from './work-items.ts';

/** What an attempt may do differently from the platform's own settings. */
export interface RunOptions {
  baseUrl?: string;
  /** Where everything goes through; may have a password, which is shown nowhere. */
  proxyUrl?: string;
  country?: string;
  pace?: Partial<Pace>;
  /** Results are stored after so many, or so long after the first, whichever comes first. */
  batch?: Partial<BatchSize>;
  /** One item is worked on first, and the others only if that works: the site may still be broken. */
  probe?: boolean;
  now?: () => Date;
  /** Where downloaded files are kept; a platform that downloads some cannot do without. */
  files?: FileStore;
  http?: Pick<HttpOptions, 'limits' | 'paces' | 'clock' | 'random' | 'certificateAuthority' | 'lookup'>;
  /** Gets the original of every `internal` failure, for the log. */
  onInternalError: (error: unknown) => void;
  /** Gets what a platform has to remark about its site, once per step, for the log. */
  onRemark?: (text: string, step: string) => void;
}

/**
 * Scrapes one platform. Rejects only when the attempt is over for a reason outside the site: with the signal's reason
 * when it is aborted, with the context's error when a method of it threw; nothing is stored after that.
 */
export async function runPlatform(
  platform: Platform,
  context: ScrapeContext,
  options: RunOptions,
): Promise<PlatformResult> {
  const { createBrowser } = await import('./browser.ts');
  context.signal.throwIfAborted();
  const { now = () => new Date(systemClock.now()) } = options;
  const pace = { ...platform.pace, ...options.pace };
  const ending = new AbortController();
  const rule = createStopRule(pace.stopAfter, now);
  const ownContext = endingOnError(context, ending);
  const http = createHttp({
    ...options.http,
    browser: createBrowser(),
    baseUrl: options.baseUrl ?? platform.baseUrl,
    headers: platform.headers,
    pace,
    signal: ending.signal,
    leave: rule.leave,
    redirectHosts: platform.redirectHosts,
    redirectHeaders: platform.redirectHeaders,
    proxyUrl: options.proxyUrl,
    onPause: ownContext.paused,
  });
  const abort = () => ending.abort(context.signal.reason);
  context.signal.addEventListener('abort', abort, { once: true });
  const ended = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => reject(ending.signal.reason as Error), { once: true });
  });
  const steps = runSteps({
    platform,
    context: ownContext,
    http,
    rule,
    failures: [],
    country: options.country ?? platform.country,
    concurrency: pace.concurrency,
    probe: options.probe ?? false,
    batch: { items: 20, ms: 250, ...options.batch },
    now,
    onInternalError: options.onInternalError,
    keeping: { failed: 0, incomplete: 0 },
    onRemark: options.onRemark ?? (() => {}),
    files: options.files ?? nowhere,
  });
  try {
    // A platform may sit in something that knows no signal; the lease is gone all the same.
    return await Promise.race([steps, ended]);
  } finally {
    context.signal.removeEventListener('abort', abort);
    await http[Symbol.asyncDispose]();
  }
}

async function runSteps(attempt: Attempt): Promise<PlatformResult> {
  const { platform, context, rule, failures } = attempt;
  const results: StepResult[] = [];
  // Steps that nothing new can have come to: with nothing left over either, they have nothing to report.
  const unfed = new Set<string>();
  let kept = 0;
  let done = 0;
  for (const step of platform.steps) {
    const result = await runStep(step);
    results.push(result);
    const fed = step.kind === 'discover' ? step.feeds : step.feeds?.step;
    if (fed !== undefined && result.status !== 'success') unfed.add(fed);
  }

  async function runStep(step: Step): Promise<StepResult> {
    if (rule.stopped || context.skip.includes(step.name)) return skipStep(attempt, step);
    if (step.kind === 'discover') {
      const discovered = await discoverItems(attempt, step);
      kept += discovered.kept;
      return discovered.result;
    }
    const pending = await context.pending(step.name);
    if (pending.length === 0 && unfed.has(step.name)) return skipStep(attempt, step);
    const result = await workItems(attempt, step, pending);
    done += result.itemsDone;
    return result;
  }
  const whole = results.every((result) => result.status !== 'failed');
  const something = done > 0 || kept > 0;
  return {
    status: whole ? 'completed' : something ? 'partial' : 'failed',
    steps: results,
    failures,
    stopped: rule.stopped,
  };
}

const nowhere: FileStore = {
  keep: () => Promise.reject(new Error('a step keeps files, and nobody said where')),
};

/** The context for the steps: silent once the attempt has ended, and ending it by its first error. */
function endingOnError(context: ScrapeContext, ending: AbortController): ScrapeContext {
  async function call<T>(method: () => Promise<T>): Promise<T> {
    ending.signal.throwIfAborted();
    try {
      return await method();
    } catch (error) {
      ending.abort(error);
      throw error;
    }
  }
  return {
    signal: ending.signal,
    skip: context.skip,
    seed: (step, seeds) => call(() => context.seed(step, seeds)),
    due: () => call(() => context.due()),
    keptAnswer: (step, itemKey) => call(() => context.keptAnswer(step, itemKey)),
    pending: (step) => call(() => context.pending(step)),
    settle: (step, results) => call(() => context.settle(step, results)),
    stepStarted: (name) => call(() => context.stepStarted(name)),
    stepFinished: (result) => call(() => context.stepFinished(result)),
    keep: (evidence) => call(() => context.keep(evidence)),
    failed: (failures) => call(() => context.failed(failures)),
    paused: (host, waitMs) => call(() => context.paused(host, waitMs)),
  };
}
