import { afterEach, expect, test } from 'vitest';
import { platforms } from '#scraper/platforms/index.ts';
import { startDemoSites, type DemoOptions, type DemoSites } from './index.ts';
import { quote } from './matches.ts';

const started: DemoSites[] = [];

async function start(options: DemoOptions = {}): Promise<DemoSites> {
  const demo = await startDemoSites({ latencyMs: 0, ...options });
  started.push(demo);
  return demo;
}

afterEach(async () => {
  for (const demo of started.splice(0)) await demo[Symbol.asyncDispose]();
});

function eventOf(demo: DemoSites, sportradarId: number): string {
  return `${demo.sites.sportybet.url}/api/ng/factsCenter/event?eventId=sr:match:${sportradarId}`;
}

function homePrices({ world }: DemoSites): number[] {
  return world.matches.flatMap((match) =>
    match.markets
      .filter(({ market }) => market === '1x2')
      .map((market) => quote(world, 'bet9ja', match, market, market.outcomes[0]!).price),
  );
}

async function statusOf(url: string): Promise<number> {
  return fetch(url).then(
    ({ status }) => status,
    () => 0,
  );
}

test('every platform has a demo site on this machine, under its own variable', async () => {
  const demo = await start();
  for (const { id, baseUrlVariable } of platforms) {
    expect(Object.keys(demo.sites)).toContain(id);
    expect(demo.env[baseUrlVariable]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  }
});

test('48 matches stand in five groups, in the order of their kickoffs, all still to come', async () => {
  const now = new Date('2026-12-05T09:10:00Z');
  const { matches } = (await start({ now })).world;
  const sizes = [1, 2, 3, 4, 5].map((number) => matches.filter(({ group }) => group.number === number).length);
  expect(sizes).toEqual([12, 10, 9, 3, 14]);
  expect(matches.map(({ number }) => number)).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
  const kickoffs = matches.map(({ kickoff }) => kickoff.getTime());
  expect(kickoffs).toEqual(kickoffs.toSorted((a, b) => a - b));
  expect(matches[0]?.kickoff.toISOString()).toBe('2026-12-05T11:30:00.000Z');
});

test('the same seed gives the same clubs and prices, another seed other prices', async () => {
  const now = new Date('2026-12-05T09:00:00Z');
  const [one, same, other] = [await start({ now }), await start({ now }), await start({ now, seed: 2 })];
  expect(homePrices(one)).toEqual(homePrices(same));
  expect(homePrices(one)).not.toEqual(homePrices(other));
});

test('the books agree about a match within five per cent, and are not the same', async () => {
  const { world } = await start();
  const apart = world.matches.flatMap((match) =>
    match.markets.flatMap((market) =>
      market.outcomes.flatMap((one) => {
        const prices = ['sportybet', 'bet9ja', 'betpawa'].map((book) => quote(world, book, match, market, one).price);
        return prices.includes(0) ? [] : [Math.max(...prices) / Math.min(...prices)];
      }),
    ),
  );
  expect(Math.max(...apart)).toBeLessThan(1.05);
  expect(apart.filter((ratio) => ratio > 1).length).toBeGreaterThan(apart.length / 2);
});

test('the log says what was asked, for which event, and what the answer was', async () => {
  const demo = await start();
  await statusOf(eventOf(demo, 91000001));
  await statusOf(`${demo.sites.sportybet.url}/nowhere?a=1`);
  expect(demo.sites.sportybet.requests).toEqual([
    expect.objectContaining({ method: 'GET', status: 200, itemKey: 'sr:match:91000001', at: expect.any(Date) }),
    { method: 'GET', path: '/nowhere', query: { a: '1' }, status: 404, at: expect.any(Date) },
  ]);
  demo.sites.sportybet.clearRequests();
  expect(demo.sites.sportybet.requests).toEqual([]);
});

test('a flaky site fails about one request in six, and never the same one twice in a row', async () => {
  const demo = await start({ moods: { sportybet: 'flaky' } });
  const urls = demo.world.matches.map(({ sportradarId }) => eventOf(demo, Number(sportradarId)));
  const first: number[] = [];
  const again: number[] = [];
  for (const url of urls) {
    first.push(await statusOf(url));
    if (first.at(-1) !== 200) again.push(await statusOf(url));
  }
  expect(again.length).toBeGreaterThan(2);
  expect(again.length).toBeLessThan(16);
  expect(new Set(again)).toEqual(new Set([200]));
  expect(new Set(first)).toEqual(new Set([200, 503, 0]));
});

test('a site that breaks in the middle answers three groups, stumbles over the fourth and blocks the fifth', async () => {
  const demo = await start({ moods: { sportybet: 'breaks' } });
  const statuses = [1, 31, 32, 34, 35, 48].map((number) => statusOf(eventOf(demo, 91_000_000 + number)));
  expect(await Promise.all(statuses)).toEqual([200, 200, 503, 503, 202, 202]);
  const listing = '/api/ng/factsCenter/pcUpcomingEvents?sportId=sr:sport:1&pageSize=100&pageNum=1';
  expect(await statusOf(demo.sites.sportybet.url + listing)).toBe(200);
});

test('a mood can be changed while the site runs', async () => {
  const demo = await start();
  const url = eventOf(demo, 91000001);
  expect(await statusOf(url)).toBe(200);
  demo.sites.sportybet.setMood('down');
  expect(await statusOf(url)).toBe(0);
  demo.sites.sportybet.setMood('blocked');
  expect(await statusOf(url)).toBe(202);
  expect(demo.sites.sportybet.mood).toBe('blocked');
});

test('betpawa answers in protobuf to those who do not ask for JSON, and only its brand on this host', async () => {
  const { url } = (await start()).sites.betpawa;
  const typeFor = async (headers: Record<string, string>) =>
    (await fetch(`${url}/api/sportsbook/v4/events/40000001`, { headers })).headers.get('content-type');
  expect(await typeFor({ 'x-pawa-brand': 'betpawa-nigeria', accept: 'application/json' })).toMatch('json');
  expect(await typeFor({ 'x-pawa-brand': 'betpawa-nigeria', accept: '*/*' })).toMatch('protobuf');
  expect(await typeFor({ 'x-pawa-brand': 'betpawa-ghana', accept: 'application/json' })).toMatch('html');
});
