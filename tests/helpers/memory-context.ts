/** A ScrapeContext over arrays: keeps what an attempt stores, in the order it was stored, and can be told to fail. */
import type { Failure } from '#scraper/errors.ts';
import type { Evidence } from '#scraper/evidence.ts';
import type { ScrapeContext } from '#scraper/platform.ts';
import type { ItemResult, ScrapedRecord, StepResult, WorkItem, WorkItemSeed } from '#scraper/result.ts';

type Method = Exclude<keyof ScrapeContext, 'signal' | 'skip'>;

export interface MemoryContext extends ScrapeContext {
  /** Names of the methods called, with the step where there is one. */
  calls: string[];
  items: Map<string, WorkItem>;
  /** Keys an earlier job of the chain has done. */
  kept: Set<string>;
  results: Map<string, ItemResult>;
  readonly records: ScrapedRecord[];
  /** Sizes of the batches handed to `settle`. */
  batches: number[];
  steps: StepResult[];
  failures: Failure[];
  /** Hosts that asked for a pause, and for how long. */
  pauses: [host: string, waitMs: number][];
  evidence: Evidence[];
  abort(reason: unknown): void;
  /** Called before each method does its work; throw to fail it. */
  before: (method: Method) => void | Promise<void>;
}

export function memoryContext(start: { skip?: string[]; items?: WorkItemSeed[]; kept?: string[] } = {}): MemoryContext {
  const run = new AbortController();
  const context: MemoryContext = {
    signal: run.signal,
    skip: start.skip ?? [],
    calls: [],
    items: new Map(),
    kept: new Set(start.kept),
    results: new Map(),
    get records() {
      return [...context.results.values()].flatMap((result) => (result.outcome === 'done' ? result.records : []));
    },
    batches: [],
    steps: [],
    failures: [],
    pauses: [],
    evidence: [],
    abort: (reason) => run.abort(reason),
    before: () => {},
    seed: (step, seeds) =>
      call('seed', step, () => {
        const fresh = seeds.filter(({ key }) => !context.kept.has(key) && !context.items.has(key));
        for (const seed of fresh) context.items.set(seed.key, { ...seed, step, attempts: 0 });
        return { added: fresh.length, kept: seeds.filter(({ key }) => context.kept.has(key)).length, known: 0 };
      }),
    due: () => call('due', '', () => []),
    keptAnswer: (step, itemKey) =>
      call('keptAnswer', step, () => {
        const kept = context.evidence.findLast((one) => one.step === step && one.itemKey === itemKey);
        return kept?.body ?? null;
      }),
    pending: (step) =>
      call('pending', step, () => {
        const open = [...context.items.values()].filter((item) => item.step === step && isOpen(context, item.key));
        return open.toSorted((one, other) => one.priority - other.priority);
      }),
    settle: (step, results) =>
      call('settle', step, () => {
        context.batches.push(results.length);
        for (const result of results) {
          context.results.set(result.key, result);
          if (result.outcome !== 'done' || !result.fed) continue;
          const { step: next, seeds } = result.fed;
          for (const seed of seeds) context.items.set(seed.key, { ...seed, step: next, attempts: 0 });
        }
      }),
    stepStarted: (name) => call('stepStarted', name, () => {}),
    stepFinished: (result) => call('stepFinished', result.name, () => void context.steps.push(result)),
    keep: (evidence) => call('keep', evidence.step, () => void context.evidence.push(evidence)),
    failed: (failures) => call('failed', '', () => void context.failures.push(...failures)),
    paused: (host, waitMs) => call('paused', host, () => void context.pauses.push([host, waitMs])),
  };
  for (const item of start.items ?? []) context.items.set(item.key, { ...item, step: 'extract', attempts: 1 });

  async function call<T>(method: Method, step: string, work: () => T): Promise<T> {
    context.calls.push(`${method} ${step}`.trim());
    await context.before(method);
    return work();
  }
  return context;
}

/** Seeds with these keys, in this order of priority. */
export function seedsOf(...keys: string[]): WorkItemSeed[] {
  return keys.map((key, priority) => ({ key, priority, payload: {} }));
}

function isOpen(context: MemoryContext, key: string): boolean {
  const outcome = context.results.get(key)?.outcome;
  return outcome === undefined || outcome === 'failed';
}
