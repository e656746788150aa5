/** What can happen to what waits, with real processes; each named by its row of the fault matrix. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { platforms } from '#scraper/index.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { anIntent, openHouse } from '../helpers/house.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
let sites: DemoSites;
let dataDir: string;
let started: HouseProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-queue-'));
  // One match each: many runs are what this is about.
  sites = await startDemoSites({ latencyMs: 0, matches: 1 });
});
beforeEach(async () => {
  await emptyHouse(db);
  for (const site of Object.values(sites.sites)) {
    site.setMood('ok');
    site.clearRequests();
  }
});
afterEach(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
  started = [];
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

async function start(
  script: string,
  args: readonly string[],
  settings: Record<string, unknown> = {},
): Promise<HouseProcess> {
  const file = join(dataDir, `settings-${started.length}.mjs`);
  await writeFile(file, `export default ${JSON.stringify(settings)};`);
  const one = startProcess(script, args, { DATABASE_URL: url, DATA_DIR: dataDir, CONFIG_FILE: file, ...sites.env });
  started = [...started, one];
  return one;
}

it(
  'Q4 of 300 runs that waited out an outage a slow platform holds up no other, each site is asked at its pace, and presses are answered',
  { timeout: 240_000 },
  async () => {
    const runs = 300;
    await Promise.all(Array.from({ length: runs }, () => house.runs.start(anIntent(), ['sportybet', 'betpawa'])));
    sites.sites.sportybet.setMood('slow');
    for (let worker = 0; worker < 3; worker += 1) await start('bot/worker.ts', [], { parallelPlatforms: 2 });
    const done = async (platform: string) =>
      (await db.execute(sql`select 1 from jobs where platform = ${platform} and status = 'completed'`)).length;
    await expect.poll(() => done('sportybet'), { timeout: 80_000 }).toBeGreaterThan(0);
    // Each is decided within two and a half seconds, or not at all.
    for (let press = 1; press <= 10; press += 1) {
      const until = performance.now() + 2_500;
      expect((await house.runs.start(anIntent({ until }), ['bet9ja'])).kind).toBe('started');
      expect((await house.cancel(anIntent({ until }), runs + press)).kind).toBe('cancelled');
    }
    await expect.poll(() => done('betpawa'), { timeout: 80_000 }).toBeGreaterThan(12);
    expect(await done('sportybet')).toBeLessThan(await done('betpawa'));
    const held = await db.execute(
      sql`select platform from jobs where status = 'running' group by 1 having count(*) > 1`,
    );
    expect(held).toHaveLength(0);
    for (const id of ['sportybet', 'betpawa'] as const) {
      const pace = platforms.find((platform) => platform.id === id)?.pace;
      const at = sites.sites[id].requests.map((request) => request.at.getTime());
      // Whatever the way to the site adds to one request or takes from the next: so many take so long at least.
      const span = (at.at(-1) ?? 0) - (at[0] ?? 0);
      expect(span).toBeGreaterThanOrEqual((at.length - 1) * (pace?.gapMs ?? 0) * 0.9);
    }
  },
);

it('Q5 whatever nobody has been at for longer than a run may last is closed by whoever starts first, told once, with a button', async () => {
  await house.runs.start(anIntent(), ['bet9ja', 'betpawa']);
  await house.take('bet9ja');
  await db.execute(sql`update runs set created_at = now() - interval '3 hours'`);
  await db.execute(sql`update jobs set heartbeat_at = now() - interval '10 minutes' where status = 'running'`);
  // A worker alone sees to it, before it takes anything.
  await start('bot/worker.ts', [], { maxRunHours: 2 });
  const ended = () => db.execute(sql`select platform, status, failure_kind, lease::int from jobs order by id`);
  await expect.poll(async () => (await ended()).map((job) => job['status'])).toEqual(['failed', 'failed']);
  expect([...(await ended())]).toEqual([
    { platform: 'bet9ja', status: 'failed', failure_kind: 'interrupted', lease: 1 },
    { platform: 'betpawa', status: 'failed', failure_kind: 'interrupted', lease: 0 },
  ]);
  expect(sites.sites.bet9ja.requests).toEqual([]);
  const bot = await start('bot/main.ts', ['--json'], { maxRunHours: 2 });
  const card = await bot.until((said) => said.run === 1 && said.slot === 'card' && said.text.includes('failed'));
  expect(card.buttons.map((button) => button.id)).toContain('v1:retry:1');
  bot.type('/scrape retry 1');
  await bot.until(
    (said) => said.run === 1 && said.slot === 'card' && /2\/2 platforms complete after 1 retry/.test(said.text),
  );
  const posts = bot.said.filter((said) => said.kind === 'post').map((said) => `${said.run}/${said.slot}`);
  expect(posts).toHaveLength(new Set(posts).size);
});
