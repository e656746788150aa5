/** Lots that run, and lots that ended lately. */
import { drifted, type FailureKind, ScrapeError } from '../../errors.ts';
import { extractor, type HtmlPage, parseHtml } from '../../html.ts';
import type { Site } from '../../platform.ts';
import type { Seeded, WorkItemSeed } from '../../result.ts';
import { readShape } from '../shape.ts';
import { lotAddress } from './address.ts';
import type { Options } from './options.ts';
import { EndedLots, type ListedLot, RunningLots } from './schema.ts';
import { scriptValue } from './script-value.ts';

/** Lots per page of ended ones; the site is said to give no more. */
const pageSize = 60;

/** Pages in a row on which everything was stored for good before: what is older is too. */
const quietPages = 2;

/** Failures that the other list would meet as well. */
const ofWholeSite: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'blocked',
  'rate_limited',
  'cancelled',
  'connection_lost',
  'interrupted',
  'internal',
]);

/**
 * First what we know and has to be looked at once more, then what runs, then what ended, newest first, until nothing new
 * comes. One list that fails does not cost the other.
 */
export async function* discover(
  site: Site,
  { site: { endedPages } }: Options,
): AsyncGenerator<WorkItemSeed[], void, Seeded | undefined> {
  const due = await site.due();
  if (due.length > 0) yield due;
  let failed = false;
  try {
    yield seedsOf(await readRunning(site));
  } catch (error) {
    if (concernsWholeSite(error)) throw error;
    failed = true;
    site.report(error, 'auctions that run');
  }
  try {
    yield* ended(site, endedPages);
  } catch (error) {
    if (failed || concernsWholeSite(error)) throw error;
    site.report(error, 'auctions that ended');
  }
}

async function readRunning(site: Site): Promise<ListedLot[]> {
  const { text } = await site.http.text({ path: '/auctions/' });
  return parseHtml({ html: text, extractor: runningLots, signal: site.signal });
}

/** Reads the list of running lots in the parser thread: a script of some megabytes among much else. */
export function readRunningLots({ html }: HtmlPage): ListedLot[] {
  const script = html.indexOf('id="bat-theme-auctions-current-initial-data"');
  const data = script < 0 ? null : scriptValue(html.slice(script), 'auctionsCurrentInitialData');
  if (data === null) throw drifted({ path: 'auctionsCurrentInitialData', problem: 'is missing' });
  return readShape(RunningLots, data, 'auctionsCurrentInitialData').items;
}

const runningLots = extractor(import.meta.url, readRunningLots);

async function* ended(site: Site, mostPages: number): AsyncGenerator<WorkItemSeed[], void, Seeded | undefined> {
  let quiet = 0;
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await site.http.json({
      path: '/wp-json/bringatrailer/1.0/data/listings-filter',
      query: { page, per_page: pageSize, get_items: 1, get_stats: 0, sort: 'td' },
    });
    const { items, pages_total: pages } = readShape(EndedLots, answer, '');
    const seeds = seedsOf(items);
    const stored = yield seeds;
    quiet = stored && stored.known >= seeds.length ? quiet + 1 : 0;
    if (items.length === 0 || quiet === quietPages || page >= (pages ?? Infinity)) return;
  }
}

function seedsOf(lots: readonly ListedLot[]): WorkItemSeed[] {
  return lots.flatMap((lot) => {
    const url = lotAddress(lot.url);
    if (url === null) return [];
    const { current_bid: currentBid = null, currency = null, timestamp_end: endsAt = null } = lot;
    const runs = !lot.sold_text;
    const listed = { soldText: lot.sold_text || null, currentBid, currency, noReserve: lot.noreserve ?? null, endsAt };
    return [{ key: lot.id, priority: priorityOf(runs, endsAt), payload: { url, listed } }];
  });
}

/** Later than any end of a running lot, milliseconds. */
const afterAll = 10_000_000_000_000;

/** What runs comes first, the soonest end foremost; then what ended, the latest end foremost. */
export function priorityOf(runs: boolean, endsAt: number | null): number {
  const ms = Math.min(Math.max((endsAt ?? 0) * 1000, 0), afterAll);
  return Math.round(runs ? ms : 2 * afterAll - ms);
}

function concernsWholeSite(error: unknown): boolean {
  return !(error instanceof ScrapeError) || ofWholeSite.has(error.kind);
}
