/** Runs a discover step: whatever is found is stored batch by batch, before anything is worked on. */
import { type Attempt, startStep } from './attempt.ts';
import { ScrapeError } from './errors.ts';
import type { DiscoverStep } from './platform.ts';
import type { Seeded, StepResult, WorkItemSeed } from './result.ts';

/** Giving up over a refusal leaves the site alone; after any other failure the items found so far are still worth working on. */
export async function discoverItems(
  attempt: Attempt,
  step: DiscoverStep,
): Promise<{ result: StepResult; kept: number }> {
  const { context, rule } = attempt;
  const run = await startStep(attempt, step);
  const { site, keep } = run.siteFor(null);
  // Counted by key: items an earlier attempt of the same job found are neither added nor kept.
  const found = new Set<string>();
  const sums = { added: 0, kept: 0, known: 0 };
  async function store(seeds: WorkItemSeed[]): Promise<Seeded> {
    context.signal.throwIfAborted();
    rule.answered();
    const stored = seeds.length === 0 ? { added: 0, kept: 0, known: 0 } : await context.seed(step.feeds, seeds);
    for (const { key } of seeds) found.add(key);
    sums.added += stored.added;
    sums.kept += stored.kept;
    sums.known += stored.known;
    return stored;
  }

  async function storeAll(): Promise<void> {
    const batches = step.discover(site)[Symbol.asyncIterator]();
    try {
      for (let batch = await batches.next(); !batch.done; batch = await batches.next(await store(batch.value)));
    } finally {
      await batches.return?.();
    }
  }

  try {
    await storeAll();
    if (found.size === 0 && !run.hasFailed()) run.fail(new ScrapeError('empty', 'no items were found'));
  } catch (error) {
    run.fail(error, { atOnce: true });
  }
  const worst = run.worst();
  if (worst) await keep(worst.kind);
  const result = await run.finish({ total: found.size, done: found.size, failed: 0 }, sums);
  return { result, kept: sums.kept + sums.known };
}
