/** Lists that a book gives one by one, such as one per competition: read a few at a time, each failing alone. */
import { ScrapeError, type FailureKind } from '../errors.ts';
import type { Site } from '../platform.ts';
import type { WorkItemSeed } from '../result.ts';

/** Lists asked for at once; a sweep of some 300 one by one takes over a minute. The pace is kept elsewhere. */
const atOnce = 4;

/** Failures that another list would meet as well, so that asking on is pointless or rude. */
const ofWholeSite: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'blocked',
  'rate_limited',
  'cancelled',
  'connection_lost',
  'interrupted',
  'internal',
]);

/**
 * A list that fails is reported by its `noun` and name, and the others go on. What concerns the whole site (blocked, slow
 * down, cancelled) ends the step, and so does a site of which no list answers. An item in two lists is one item.
 */
export async function* readLists(
  site: Site,
  noun: string,
  names: readonly string[],
  read: (name: string) => Promise<WorkItemSeed[]>,
): AsyncGenerator<WorkItemSeed[]> {
  const seen = new Set<string>();
  let answered = 0;
  for (let from = 0; from < names.length; from += atOnce) {
    const batch = names.slice(from, from + atOnce);
    const results = await Promise.allSettled(batch.map(read));
    const failed = results.flatMap((result, index) => (result.status === 'rejected' ? [{ result, index }] : []));
    for (const { result } of failed) if (concernsWholeSite(result.reason)) throw result.reason;
    answered += batch.length - failed.length;
    if (answered === 0 && from + atOnce >= names.length) throw failed[0]?.result.reason;
    for (const { result, index } of failed) site.report(result.reason, `${noun} ${batch[index]}`);

    const rows = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    // Handed over even when empty: it shows that the site answers.
    if (failed.length < batch.length) yield rows.filter(({ key }) => !seen.has(key) && seen.add(key));
  }
}

function concernsWholeSite(error: unknown): boolean {
  return !(error instanceof ScrapeError) || ofWholeSite.has(error.kind);
}
