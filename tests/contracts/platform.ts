/** What every platform must do, shown over real HTTP against its demo site. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPaces } from '#scraper/pace.ts';
import type { Platform } from '#scraper/platform.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import {
  hostileName,
  quote,
  startDemoSites,
  type DemoSite,
  type DemoSiteId,
  type DemoSites,
} from '../demo-sites/index.ts';
import { memoryContext, type MemoryContext } from '../helpers/memory-context.ts';

/** A platform, its demo site, and an item key in its spelling that the site does not have. */
export interface PlatformUnderTest {
  platform: Platform;
  id: DemoSiteId;
  unknownKey: string;
}

/** The suite. A platform that passes it can be scraped, broken, retried and believed. */
export function testPlatform({ platform, id, unknownKey }: PlatformUnderTest): void {
  const discoverStep = platform.steps.find((step) => step.kind === 'discover');
  const itemStep = platform.steps.find((step) => step.kind === 'items');

  /** Scrapes without pauses: pace and backoff have tests of their own. */
  function scrape(site: DemoSite, context: MemoryContext, how: { skip?: string; concurrency?: number } = {}) {
    const { skip, concurrency = platform.pace.concurrency } = how;
    return runPlatform(platform, Object.create(context, { skip: { value: [skip] } }) as MemoryContext, {
      baseUrl: site.url,
      pace: { gapMs: 0, concurrency },
      http: { paces: createPaces(), random: () => 0 },
      onInternalError: (error) => {
        throw error;
      },
    });
  }

  describe(`the platform ${id}`, () => {
    let demo: DemoSites;
    let site: DemoSite;

    beforeAll(async () => {
      demo = await startDemoSites({ latencyMs: 0 });
      site = demo.sites[id];
    });
    afterAll(() => demo[Symbol.asyncDispose]());

    /** A fresh memory and a site in this mood, with an empty log. */
    function begin(mood: DemoSite['mood']): MemoryContext {
      site.setMood(mood);
      site.clearRequests();
      return memoryContext();
    }

    test('delivers every match with exactly the prices that are open', async () => {
      const context = begin('ok');
      expect(await scrape(site, context)).toMatchObject({ status: 'completed', failures: [], stopped: null });
      for (const match of demo.world.matches) {
        const open = match.markets.flatMap((market) =>
          market.outcomes.flatMap((one) => {
            const { price, state } = quote(demo.world, id, match, market, one);
            return state === 'open' ? [told({ ...market, outcome: one.outcome, price })] : [];
          }),
        );
        const record = context.records.find(({ sportradarId }) => sportradarId === match.sportradarId);
        expect(record?.prices.map(told).toSorted()).toEqual(open.toSorted());
        expect(record).toMatchObject({
          platform: platform.id,
          home: match.home,
          away: match.away,
          competition: { name: match.group.name, country: match.group.country },
          kickoff: match.kickoff.toISOString(),
        });
      }
      expect(context.records).toHaveLength(48);
    });

    test('works on events in the order of their kickoffs, asking for each once', async () => {
      const context = begin('ok');
      await scrape(site, context, { concurrency: 1 });
      const byKickoff = context.records.toSorted((one, other) => one.kickoff.localeCompare(other.kickoff));
      const asked = site.requests.flatMap(({ itemKey }) => (itemKey ? [itemKey] : []));
      expect(asked).toEqual(byKickoff.map(({ eventId }) => eventId));
    });

    test('says the same when it is asked the same again', async () => {
      const [first, second] = [begin('ok'), memoryContext()];
      await scrape(site, first);
      await scrape(site, second);
      expect(timeless(first)).toEqual(timeless(second));
    });

    test('keeps a hostile name as it is printed', async () => {
      const context = begin('ok');
      await scrape(site, context);
      expect(context.records.filter(({ home }) => home === hostileName)).toHaveLength(1);
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
      expect(result).toMatchObject({ status: 'failed', failures: [{ kind: 'unreachable' }] });
    });

    test('a site that stumbles now and then still delivers everything', async () => {
      const context = begin('flaky');
      const result = await scrape(site, context);
      expect(result).toMatchObject({ status: 'completed', failures: [] });
      expect(context.records).toHaveLength(48);
      expect(site.requests.some(({ status }) => status !== 200)).toBe(true);
    });

    test('what broke in the middle is taken up again, and nothing else is asked for', async () => {
      const context = begin('breaks');
      const first = await scrape(site, context);
      expect(first).toMatchObject({ status: 'partial', stopped: { step: itemStep?.name } });
      expect(context.records).toHaveLength(31);
      const delivered = new Set(context.records.map(({ eventId }) => eventId));

      site.setMood('ok');
      site.clearRequests();
      const second = await scrape(site, context, { skip: discoverStep?.name });
      expect(second.status).toBe('completed');
      expect(context.records).toHaveLength(48);
      const asked = site.requests.map(({ itemKey }) => itemKey);
      expect(asked).toHaveLength(17);
      expect(asked.filter((key) => !key || delivered.has(key))).toEqual([]);
    });

    test('an event that the site has no more is gone, which is an answer', async () => {
      const context = begin('ok');
      await context.seed(itemStep?.name ?? '', [{ key: unknownKey, priority: 0, payload: {} }]);
      const result = await scrape(site, context);
      expect(result).toMatchObject({ status: 'completed', failures: [] });
      expect(context.results.get(unknownKey)).toMatchObject({ outcome: 'gone', failure: { kind: 'not_found' } });
      expect(context.records).toHaveLength(48);
    });
  });
}

function told(one: { market: string; period: string; line: number | null; outcome: string; price: number }): string {
  return `${one.market} ${one.period} ${one.line} ${one.outcome} ${one.price}`;
}

/** The records in a fixed order, without the time at which they came. */
function timeless({ records }: MemoryContext) {
  const stripped = records.map((record) => ({ ...record, fetchedAt: '' }));
  return stripped.toSorted((one, other) => one.eventId.localeCompare(other.eventId));
}
