/** What the engine is given, kept in memory: enough to scrape, break off and go on. */
import type { Failure } from '#scraper/errors.ts';
import type { ScrapeContext } from '#scraper/platform.ts';
import type { ItemResult, ScrapedRecord, WorkItem, WorkItemSeed } from '#scraper/result.ts';

/** A context, and everything that was stored through it. */
export interface MemoryContext extends ScrapeContext {
  items: Map<string, WorkItem>;
  /** The newest result of each item. */
  results: Map<string, ItemResult>;
  readonly records: ScrapedRecord[];
  failures: Failure[];
}

/** One chain's memory; a later attempt may be given the same again, with the steps to skip. */
export function memoryContext(): MemoryContext {
  const items = new Map<string, WorkItem>();
  const results = new Map<string, ItemResult>();
  const failures: Failure[] = [];
  return {
    items,
    results,
    failures,
    get records() {
      return [...results.values()].flatMap((result) => (result.outcome === 'done' ? result.records : []));
    },
    signal: new AbortController().signal,
    skip: [],
    async seed(step: string, seeds: readonly WorkItemSeed[]) {
      const fresh = seeds.filter(({ key }) => !items.has(key));
      for (const seed of fresh) items.set(seed.key, { ...seed, step, attempts: 0 });
      return { added: fresh.length, kept: seeds.filter(({ key }) => isSettled(results.get(key))).length };
    },
    async pending() {
      const open = [...items.values()].filter(({ key }) => !isSettled(results.get(key)));
      return open.toSorted((one, other) => one.priority - other.priority);
    },
    async settle(_step: string, settled: readonly ItemResult[]) {
      for (const result of settled) results.set(result.key, result);
    },
    async stepStarted() {},
    async stepFinished() {},
    async failed(more: readonly Failure[]) {
      failures.push(...more);
    },
  };
}

function isSettled(result: ItemResult | undefined): boolean {
  return result !== undefined && result.outcome !== 'failed';
}
