/** The auction site through a real worker: its images break alone, and are made up for without asking for anything else. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvidenceService } from '#bot/evidence-service.ts';
import { createLog } from '#bot/log.ts';
import { startRunWorker, type RunWorker } from '#bot/run-worker.ts';
import { readChainOf } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { hostPausesIn } from '#db/host-pauses.ts';
import { storeRecords } from '#db/records.ts';
import { createFileStore } from '#scraper/index.ts';
import { bringatrailer } from '#scraper/platforms/bringatrailer/index.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { anIntent, openHouse } from '../helpers/house.ts';
import { aListing } from '../helpers/listings.ts';

const { url } = await testDatabase();
const platform = { ...bringatrailer, pace: { ...bringatrailer.pace, gapMs: 0 } };
const house = await openHouse(url, { platforms: [platform] });
const { db } = house;
let sites: DemoSites;
let folder: string;
let worker: RunWorker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescrape-auctions-'));
  sites = await startDemoSites({ latencyMs: 0, matches: 6, moods: { bringatrailer: 'no-files' } });
  worker = await startRunWorker({
    jobs: house.jobs,
    pauses: hostPausesIn(db),
    evidence: createEvidenceService(house.database, { hours: 72, perPlatform: 100 }),
    database: house.database,
    files: createFileStore(folder),
    queue: house.queue,
    findPlatform: () => platform,
    baseUrls: { bringatrailer: sites.sites.bringatrailer.url },
    proxyUrls: {},
    slots: 1,
    owner: 'a worker',
    log: createLog('silent', 'test'),
  });
});
afterAll(async () => {
  await worker.stop(0);
  await sites[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The job of a run, once it has ended. */
async function ended(run: number) {
  const jobOf = async () => (await readChainOf(db, run))?.runs.find(({ id }) => id === run)?.jobs[0];
  await expect.poll(async () => (await jobOf())?.finishedAt, { timeout: 25_000 }).toBeInstanceOf(Date);
  return jobOf();
}

const site = () => sites.sites.bringatrailer;
const asked = () => site().requests.map(({ path }) => path);
const backfill = (what: string) => house.backfill(anIntent(), { platform: platform.id, what, listings: null });

describe('auctions whose images break', () => {
  it('are stored all the same: the job is partly done, and only its images are missing', async () => {
    await house.runs.start(anIntent(), [platform.id]);
    expect(await ended(1)).toMatchObject({
      status: 'partial',
      failureKind: 'unreachable',
      itemsTotal: 6,
      itemsDone: 6,
      further: [{ step: 'images', total: 12, stored: 0 }],
    });
    expect(await db.execute(sql`select 1 from listings`)).toHaveLength(6);
  });

  it('are retried for their images alone, each asked for once', async () => {
    site().setMood('ok');
    site().clearRequests();
    const answer = await house.runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    expect(answer).toMatchObject({ kind: 'started', parts: [{ fromStep: 'images', kept: 0, total: 12 }] });
    expect(await ended(2)).toMatchObject({
      status: 'completed',
      itemsKept: 6,
      further: [{ step: 'images', total: 12, stored: 12 }],
    });
    expect(new Set(asked()).size).toBe(12);
    expect(asked()).toHaveLength(12);
    expect(asked().every((path) => path.startsWith('/wp-content/uploads/'))).toBe(true);
  });
});

describe('a backfill', () => {
  const upload = (name: string) => `https://bringatrailer.com/wp-content/uploads/2026/11/${name}`;

  it('is not stopped by an image that is none, nor by one that is gone, and leaves their lots as they are', async () => {
    const lot = { status: 'live' as const, endsAt: null };
    const noImage = 'https://bringatrailer.com/auctions/';
    await storeRecords(db, [
      aListing({ ...lot, listingId: '1', imageUrls: [noImage, upload('lot-1-1.png')] }),
      aListing({ ...lot, listingId: '2', imageUrls: [upload('never-there.png')] }),
      aListing({ ...lot, listingId: '3', imageUrls: [upload('lot-3-1.png'), upload('lot-5-2.png')] }),
    ]);
    await db.execute(sql`
      update listing_images set state = 'pending', path = null, sha256 = null, bytes = null, type = null
      where url in (select url from listing_images where listing in (select id from listings where length(listing_id) = 1))`);
    site().clearRequests();
    expect(await backfill('images')).toMatchObject({ kind: 'started', runId: 3 });
    expect(await ended(3)).toMatchObject({
      status: 'partial',
      failureKind: 'drifted',
      steps: [{ name: 'images' }],
      backfill: { what: 'images', left: 1, batch: { without: 1, failed: 1 } },
    });
    expect(asked().toSorted()).toEqual(
      [
        '/auctions/',
        ...['lot-1-1', 'lot-3-1', 'lot-5-2', 'never-there'].map((name) => new URL(upload(`${name}.png`)).pathname),
      ].toSorted(),
    );
    const lots = await db.execute(sql`select distinct status, settled from listings where length(listing_id) = 1`);
    expect([...lots]).toEqual([{ status: 'live', settled: false }]);
  });

  it('takes next time what failed, and nothing of the rest', async () => {
    site().clearRequests();
    expect(await backfill('images')).toMatchObject({ kind: 'started', runId: 4, listings: 1, items: 1 });
    await ended(4);
    expect(asked()).toEqual(['/auctions/']);
  });
});
