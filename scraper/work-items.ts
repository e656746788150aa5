/** Runs an item step: several items at once, most urgent first, each result stored soon after it is there. */
import { type Attempt, startStep } from './attempt.ts';
import type { ItemStep } from './platform.ts';
import type { FedItems, ScrapedRecord, StepCounts, StepResult, WorkItem } from './result.ts';

/** Works through the items until they are done or the site is to be left alone; then those under way are let finish, the rest stays pending. A probe begins with one, and ends with it if that fails. */
export async function workItems(attempt: Attempt, step: ItemStep, pending: readonly WorkItem[]): Promise<StepResult> {
  const { context, rule, concurrency } = attempt;
  const { siteFor, settler, fail, finish } = await startStep(attempt, step);
  const queue = pending.values();
  let done = 0;
  let gone = 0;
  let failed = 0;

  async function workOn(item: WorkItem): Promise<void> {
    const { site, keep, keepIncomplete } = siteFor(item.key);
    try {
      const records = await step.work(item, site);
      context.signal.throwIfAborted();
      rule.answered();
      await keepIncomplete();
      done += 1;
      await settler.add({ key: item.key, outcome: 'done', records, ...fedBy(step, records) });
    } catch (error) {
      const failure = fail(error, { itemKey: item.key });
      if (!failure) return;
      await keep(failure.kind);
      if (failure.kind === 'not_found') {
        rule.answered();
        gone += 1;
        await settler.add({ key: item.key, outcome: 'gone', failure });
        return;
      }
      failed += 1;
      await settler.add({ key: item.key, outcome: 'failed', failure });
    }
  }

  async function workThrough(): Promise<void> {
    for (const item of queue) {
      if (rule.stopped) return;
      context.signal.throwIfAborted();
      await workOn(item);
    }
  }

  if (attempt.probe) {
    const { value: first } = queue.next();
    if (first !== undefined) await workOn(first);
    attempt.probe = failed > 0;
  }
  if (!attempt.probe) await Promise.all(Array.from({ length: concurrency }, workThrough));
  const counts: StepCounts = gone > 0 ? { gone } : {};
  return finish({ total: pending.length, done: done + gone, failed }, counts);
}

function fedBy({ feeds }: ItemStep, records: readonly ScrapedRecord[]): { fed?: FedItems } {
  if (!feeds) return {};
  return { fed: { step: feeds.step, seeds: records.flatMap((record) => feeds.items(record)) } };
}
