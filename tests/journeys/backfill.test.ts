import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
let sites: DemoSites;
let dataDir: string;
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-journey-'));
  sites = await startDemoSites({ latencyMs: 0, matches: 50, moods: { bringatrailer: 'no-files' } });
  // On this machine nobody has to wait a second between two requests, nor for further attempts.
  const settings = { pace: { bringatrailer: { gapMs: 0 } }, retry: { attempts: 1 } };
  const configFile = join(dataDir, 'settings.mjs');
  await writeFile(configFile, `export default ${JSON.stringify(settings)};`);
  const env = { DATABASE_URL: url, DATA_DIR: dataDir, CONFIG_FILE: configFile, ...sites.env };
  bot = startProcess('bot/main.ts', ['--json'], env);
});

afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

async function counts(): Promise<Record<string, unknown> | undefined> {
  const rows = await db.execute(sql`
    select (select count(*)::int from listings) as listings, count(*)::int as images,
           (count(*) filter (where state = 'stored'))::int as stored from listing_images`);
  return rows[0];
}

const asked = () => sites.sites.bringatrailer.requests.map(({ path }) => path);
const card = (run: number, words: RegExp) =>
  bot.until((said) => said.run === run && said.slot === 'card' && words.test(said.text));
const reply = (words: RegExp) => bot.until((said) => said.kind === 'reply' && words.test(said.text));

describe('fifty listings while the image hosts fail', () => {
  it('are all stored, and their images stay to be done', async () => {
    bot.type('/scrape now bringatrailer');
    const { text } = await card(1, /Run 1 is partly done/);
    expect(text).toMatch(/bringatrailer +did not answer properly .* 50 of 50 listings · 0 of 100 images/);
    expect(await counts()).toEqual({ listings: 50, images: 100, stored: 0 });
  });

  it('get their images by two backfills of 25, which ask for each image once and for nothing else', async () => {
    sites.sites.bringatrailer.setMood('ok');
    sites.sites.bringatrailer.clearRequests();
    bot.type('/scrape backfill bringatrailer images 25');
    await reply(/Run 2 is on its way: images of 25 listings of bringatrailer \(50 images\)/);
    const first = await card(2, /Run 2 is complete: backfilled images of 25 listings/);
    expect(first.text).toContain('25 listings processed, 25 succeeded, 0 failed · 50 images');
    expect(first.text).toContain('25 listings still lack images: /scrape backfill bringatrailer images 25 goes on.');
    expect(await counts()).toMatchObject({ stored: 50 });

    bot.type('/scrape backfill bringatrailer images 25');
    const second = await card(3, /Run 3 is complete: backfilled images of 25 listings/);
    expect(second.text).toContain('No listing lacks images any more.');
    expect(await counts()).toEqual({ listings: 50, images: 100, stored: 100 });

    expect(asked()).toHaveLength(100);
    expect(new Set(asked()).size).toBe(100);
    expect(asked().filter((path) => !path.startsWith('/wp-content/uploads/'))).toEqual([]);
  });

  it('leave nothing to backfill then, and nothing to ask for in a retry', async () => {
    sites.sites.bringatrailer.clearRequests();
    bot.type('/scrape backfill bringatrailer images');
    await reply(/Nothing was started\. Every image of bringatrailer that is listed is stored/);
    bot.type('/scrape retry 1');
    await card(1, /Run 1: 1\/1 platform complete after 1 retry \(1 → 4\)/);
    expect(asked()).toEqual([]);
  });

  it('have fields read again from the pages that were kept, without a request', async () => {
    await db.execute(sql`update listings set mileage = null, mileage_unit = null`);
    bot.type('/scrape backfill bringatrailer mileage');
    const { text } = await card(5, /Run 5 is complete: backfilled mileage of 5 listings/);
    expect(text).toContain('Every page that is kept for this has been read again.');
    bot.type('/scrape backfill bringatrailer vin');
    expect((await card(6, /Run 6 is complete/)).text).toContain(
      '5 listings processed, 0 succeeded, 0 failed, 5 had none',
    );
    const rows = await db.execute(sql`
      select (substr(listing_id, 4)::int)::text || 'k' as lot, mileage from listings where mileage is not null order by 2`);
    expect([...rows]).toEqual([4, 14, 24, 34, 44].map((lot) => ({ lot: `${lot}k`, mileage: lot * 1000 })));
    expect(asked()).toEqual([]);
  });

  it('are refused what there is not, with what there is', async () => {
    bot.type('/scrape backfill bringatrailer colour');
    await reply(/"colour" cannot be backfilled\. bringatrailer has images, vin, chassis, /);
    bot.type('/scrape backfill sportybet images');
    await reply(/sportybet has nothing to backfill, but bringatrailer has\./);
  });
});
