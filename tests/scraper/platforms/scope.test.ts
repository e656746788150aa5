import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPaces } from '#scraper/pace.ts';
import type { Platform } from '#scraper/platform.ts';
import { bet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { betpawa } from '#scraper/platforms/betpawa/index.ts';
import { sportybet } from '#scraper/platforms/sportybet/index.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { startDemoSites, type DemoSiteId, type DemoSites } from '../../demo-sites/index.ts';
import { memoryContext } from '../../helpers/memory-context.ts';

const books = [
  { platform: sportybet, id: 'sportybet', of: (group: number) => `sr:tournament:${90_000 + group}` },
  { platform: bet9ja, id: 'bet9ja', of: (group: number) => String(970_000 + group) },
  { platform: betpawa, id: 'betpawa', of: (group: number) => String(91_960 + group) },
] satisfies { platform: Platform; id: DemoSiteId; of: (group: number) => string }[];

let demo: DemoSites;
beforeAll(async () => {
  demo = await startDemoSites({ latencyMs: 0 });
});
afterAll(() => demo[Symbol.asyncDispose]());

function scoped(platform: Platform, competitions: string[]): Platform {
  if (!platform.configure) throw new Error(`${platform.id} cannot be configured`);
  return platform.configure({ scope: { competitions } });
}

async function scrape(platform: Platform, id: DemoSiteId) {
  const context = memoryContext();
  demo.sites[id].clearRequests();
  const result = await runPlatform(platform, context, {
    baseUrl: demo.sites[id].url,
    pace: { gapMs: 0 },
    http: { paces: createPaces(), random: () => 0 },
    onInternalError: (error) => {
      throw error;
    },
  });
  return { result, context, asked: demo.sites[id].requests };
}

describe.each(books)('$id, limited to competitions', ({ platform, id, of }) => {
  test('finds their events and asks for nothing else', async () => {
    const { result, context, asked } = await scrape(scoped(platform, [of(2), of(4)]), id);
    expect(result).toMatchObject({ status: 'completed', failures: [] });
    expect(context.items.size).toBe(13);
    const wanted = demo.world.matches.filter(({ group }) => group.number === 2 || group.number === 4);
    expect(asked.filter(({ itemKey }) => itemKey)).toHaveLength(wanted.length);
    const kickoffs = wanted.map(({ kickoff }) => kickoff.getTime());
    expect(Array.from(context.items.values(), ({ priority }) => priority).toSorted((a, b) => a - b)).toEqual(kickoffs);
  });

  test('one that has no events is no fault beside one that has', async () => {
    const { result, context } = await scrape(scoped(platform, [of(999), of(4)]), id);
    expect(result.status).toBe('completed');
    expect(context.items.size).toBe(3);
  });

  test('none of which has events is empty', async () => {
    const { result } = await scrape(scoped(platform, [of(999)]), id);
    expect(result.failures.map(({ kind }) => kind)).toEqual(['empty']);
  });
});

test('a country brings its address, its brand and its paths', () => {
  const kenya = betpawa.configure?.({ site: { country: 'ke' } });
  expect(kenya).toMatchObject({
    baseUrl: 'https://www.betpawa.co.ke',
    country: 'ke',
    headers: { 'x-pawa-brand': 'betpawa-kenya' },
  });
  const rwanda = betpawa.configure?.({ site: { country: 'rw', host: 'www.betpawa.rw', brand: 'betpawa-rwanda' } });
  expect(rwanda).toMatchObject({ baseUrl: 'https://www.betpawa.rw', headers: { 'x-pawa-brand': 'betpawa-rwanda' } });
  expect(sportybet.headers['operid']).toBe('2');
  expect(sportybet.configure?.({ site: { country: 'gh' } }).headers).not.toHaveProperty('operid');
  expect(sportybet.configure?.({ site: { country: 'gh', operid: '3' } })).toMatchObject({
    country: 'gh',
    headers: { operid: '3', referer: 'https://www.sportybet.com/gh/' },
  });
});
