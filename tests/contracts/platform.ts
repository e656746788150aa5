/** What every platform must do, shown over real HTTP against its demo site. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileStore } from '#scraper/file-store.ts';
import { createPaces } from '#scraper/pace.ts';
import type { Platform } from '#scraper/platform.ts';
import type { ScrapedRecord } from '#scraper/result.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { startDemoSites, type DemoSite, type DemoSiteId, type DemoSites } from '../demo-sites/index.ts';
import { memoryContext, type MemoryContext } from '../helpers/memory-context.ts';

/** A platform, its demo site, and an item in its spelling that the site does not have. */
export interface PlatformUnderTest {
  platform: Platform;
  id: DemoSiteId;
  unknown: { key: string; payload?: Record<string, unknown> };
  /** What the platform's records have to say of the site's matches or lots, with the names of those that are hostile. */
  delivered(records: readonly ScrapedRecord[], demo: DemoSites): void;
}

/** The suite. A platform that passes it can be scraped, broken, retried and believed. */
export function testPlatform({ platform, id, unknown, delivered }: PlatformUnderTest): void {
  const discoverStep = platform.steps.find((step) => step.kind === 'discover');
  const itemStep = platform.steps.find((step) => step.kind === 'items');
  let folder: string;

  /** Scrapes without pauses: pace and backoff have tests of their own. */
  function scrape(site: DemoSite, context: MemoryContext, how: { skip?: string; concurrency?: number } = {}) {
    const { skip, concurrency = platform.pace.concurrency } = how;
    return runPlatform(platform, Object.create(context, { skip: { value: [skip] } }) as MemoryContext, {
      baseUrl: site.url,
      pace: { gapMs: 0, concurrency },
      http: { paces: createPaces(), random: () => 0 },
      files: createFileStore(folder),
      onInternalError: (error) => {
        throw error;
      },
    });
  }

  describe(`the platform ${id}`, () => {
    let demo: DemoSites;
    let site: DemoSite;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rescrape-files-'));
      demo = await startDemoSites({ latencyMs: 0 });
      site = demo.sites[id];
    });
    afterAll(async () => {
      await demo[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    /** A fresh memory and a site in this mood, with an empty log. */
    function begin(mood: DemoSite['mood']): MemoryContext {
      site.setMood(mood);
      site.clearRequests();
      return memoryContext();
    }

    test('delivers everything the site has, exactly', async () => {
      const context = begin('ok');
      expect(await scrape(site, context)).toMatchObject({ status: 'completed', failures: [], stopped: null });
      expect(itemsOf(context)).toHaveLength(48);
      delivered(context.records, demo);
    });

    test('works on items in the order of their urgency, asking for each once', async () => {
      const context = begin('ok');
      await scrape(site, context, { concurrency: 1 });
      const asked = site.requests.flatMap(({ itemKey }) => itemKey ?? []);
      const byPriority = [...context.items.values()].filter(({ step }) => step === itemStep?.name);
      expect(asked).toEqual(byPriority.toSorted((a, b) => a.priority - b.priority).map(({ key }) => key));
    });

    test('says the same when it is asked the same again', async () => {
      const [first, second] = [begin('ok'), memoryContext()];
      await scrape(site, first);
      await scrape(site, second);
      expect(timeless(first)).toEqual(timeless(second));
    });

    test('a day without football is empty, not broken', async () => {
      await using idle = await startDemoSites({ latencyMs: 0, matches: 0 });
      const result = await scrape(idle.sites[id], memoryContext());
      expect(result.failures.map(({ kind }) => kind)).toEqual(['empty']);
    });

    test('changed answers are named by the field that is missing, and nothing is stored', async () => {
      const context = begin('drifted');
      const result = await scrape(site, context);
      expect(result.status).toBe('failed');
      expect(new Set(context.failures.map(({ kind }) => kind))).toEqual(new Set(['drifted']));
      for (const { detail } of context.failures) expect(detail).toMatch(/\w+ is missing(?: in \d+ of \d+)?$/);
      expect(context.records).toEqual([]);
    });

    test('a block ends it after one request', async () => {
      const result = await scrape(site, begin('blocked'));
      expect(result).toMatchObject({ status: 'failed', stopped: { kind: 'blocked', step: discoverStep?.name } });
      expect(site.requests).toHaveLength(1);
    });

    test('a site that is down is unreachable', async () => {
      const result = await scrape(site, begin('down'));
      expect(result.status).toBe('failed');
      expect(new Set(result.failures.map(({ kind }) => kind))).toEqual(new Set(['unreachable']));
    });

    test('a site that stumbles now and then still delivers everything', async () => {
      const context = begin('flaky');
      const result = await scrape(site, context);
      expect(result).toMatchObject({ status: 'completed', failures: [] });
      expect(itemsOf(context)).toHaveLength(48);
      expect(site.requests.some(({ status }) => status !== 200)).toBe(true);
    });

    test('what broke in the middle is taken up again, and nothing else is asked for', async () => {
      const context = begin('breaks');
      const first = await scrape(site, context);
      expect(first).toMatchObject({ status: 'partial', stopped: { step: itemStep?.name } });
      const before = new Set(itemsOf(context));
      expect(before.size).toBe(31);

      site.setMood('ok');
      site.clearRequests();
      const second = await scrape(site, context, { skip: discoverStep?.name });
      expect(second.status).toBe('completed');
      expect(itemsOf(context)).toHaveLength(48);
      const asked = site.requests.flatMap(({ itemKey }) => itemKey ?? []);
      expect(asked).toHaveLength(17);
      expect(asked.filter((key) => before.has(key))).toEqual([]);
      // Beside the missing items, only what later steps had to do.
      const further = [...context.items.values()].filter(({ step }) => step !== itemStep?.name);
      expect(site.requests).toHaveLength(17 + further.length);
    });

    test('an event that the site has no more is gone, which is an answer', async () => {
      const context = begin('ok');
      await context.seed(itemStep?.name ?? '', [{ priority: 0, payload: {}, ...unknown }]);
      const result = await scrape(site, context);
      expect(result).toMatchObject({ status: 'completed', failures: [] });
      expect(context.results.get(unknown.key)).toMatchObject({ outcome: 'gone', failure: { kind: 'not_found' } });
      expect(itemsOf(context)).toHaveLength(48);
    });
  });
}

/** The keys of the items that gave records: events or lots, not their images. */
function itemsOf({ records }: MemoryContext): string[] {
  return records.flatMap((record) => keyOf(record) ?? []);
}

function keyOf(record: ScrapedRecord): string | null {
  switch (record.kind) {
    case 'odds':
      return record.eventId;
    case 'listing':
      return record.listingId;
    case 'image':
    case 'fields':
      return null;
  }
}

/** The records in a fixed order, without the time at which they came. */
function timeless({ records }: MemoryContext) {
  const stripped = records.map((record) => ('fetchedAt' in record ? { ...record, fetchedAt: '' } : record));
  return stripped.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
}
