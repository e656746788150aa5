/** A list that a book gives in pages: read to its end, whatever its cap, and never for ever. */
import { ScrapeError } from '../errors.ts';
import type { Site } from '../platform.ts';
import type { WorkItemSeed } from '../result.ts';

/** One page: its rows, and how many rows there are in all where the site says so. */
export interface Page {
  rows: WorkItemSeed[];
  total: number | null;
}

/** How a list is read. */
export interface Paging {
  /** Rows asked for in one page. A site may give fewer, so a short page is not the last one. */
  asked: number;
  /** Far above what was ever seen; a list that never ends must not keep us asking for ever. */
  mostPages: number;
  /** `number` counts from 1; `received` is how many rows came before. */
  read(page: { number: number; received: number }): Promise<Page>;
}

/** Pages without news after which a list is taken to repeat itself. One may just be an overlap: rows move while we read. */
const mostStale = 2;

/**
 * Yields what is new of each page. The list ends with an empty page, or when as many different rows came as there are in
 * all. A list that repeats itself, or goes on for ever, is reported: it did not come to its end.
 */
export async function* readPages(site: Site, { asked, mostPages, read }: Paging): AsyncGenerator<WorkItemSeed[]> {
  const seen = new Set<string>();
  let received = 0;
  let stale = 0;
  let short: number | null = null;
  for (let number = 1; number <= mostPages; number += 1) {
    const { rows, total } = await read({ number, received });
    if (rows.length === 0) return;
    if (short !== null) site.remark(`a page holds ${short} rows at most, not the ${asked} that are asked for`);
    received += rows.length;
    const fresh = rows.filter(({ key }) => !seen.has(key) && seen.add(key));
    if (fresh.length > 0) yield fresh;
    if (total !== null && seen.size >= total) return;
    stale = fresh.length > 0 ? 0 : stale + 1;
    if (stale === mostStale) {
      const promised = total === null ? 'more' : String(total);
      site.report(new ScrapeError('api_error', `the list repeats itself after ${seen.size} of ${promised} events`));
      return;
    }
    if (rows.length < asked) short = Math.max(short ?? 0, rows.length);
  }
  site.report(new ScrapeError('api_error', `the list goes on after ${mostPages} pages`));
}
