/** What Retry promises at every site: a job that stopped on its way is redone for what it lacks, and for nothing else. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEvidenceService } from '#bot/evidence-service.ts';
import { createLog } from '#bot/log.ts';
import { startRunWorker, type RunWorker } from '#bot/run-worker.ts';
import { readChainOf } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { hostPausesIn } from '#db/host-pauses.ts';
import { createFileStore, platforms } from '#scraper/index.ts';
import { startDemoSites, type DemoSiteId, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { anIntent, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const ids = ['sportybet', 'bet9ja', 'betpawa', 'bringatrailer'] as const satisfies DemoSiteId[];
const quick = platforms.map((platform) => ({ ...platform, pace: { ...platform.pace, gapMs: 0 } }));
const house = await openHouse(url, { platforms: quick });
const { db } = house;
let sites: DemoSites;
let folder: string;
let worker: RunWorker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescrape-rest-'));
  const broken = Object.fromEntries(ids.map((id) => [id, 'breaks' as const]));
  sites = await startDemoSites({ latencyMs: 0, moods: broken });
  worker = await startRunWorker({
    jobs: house.jobs,
    pauses: hostPausesIn(db),
    evidence: createEvidenceService(house.database, { hours: 72, perPlatform: 100 }),
    database: house.database,
    files: createFileStore(folder),
    queue: house.queue,
    findPlatform: (id) => quick.find((platform) => platform.id === id),
    baseUrls: Object.fromEntries(ids.map((id) => [id, sites.sites[id].url])),
    proxyUrls: {},
    slots: 2,
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

/** The jobs of a run, once it has ended. */
async function ended(run: number) {
  const found = async () => (await readChainOf(db, run))?.runs.find(({ id }) => id === run);
  await expect.poll(async () => (await found())?.finishedAt, { timeout: 60_000 }).toBeInstanceOf(Date);
  return (await found())?.jobs ?? [];
}

it('a run that stops on its way at every site keeps what it has', { timeout: 120_000 }, async () => {
  await house.runs.start(anIntent(), ids);
  for (const job of await ended(1)) {
    expect(job).toMatchObject({ status: 'partial', failureKind: 'blocked', itemsTotal: 48, itemsDone: 31 });
  }
});

it('its retry asks each site for the rest alone, each once', { timeout: 120_000 }, async () => {
  const open = await db.execute<{ platform: DemoSiteId; key: string }>(sql`
    select j.platform, w.key from work_items w join jobs j on j.id = w.job_id
    where j.run_id = 1 and w.step = 'extract' and w.status = 'pending'`);
  for (const id of ids) {
    sites.sites[id].setMood('ok');
    sites.sites[id].clearRequests();
  }
  await house.runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
  const jobs = await ended(2);
  expect(jobs.map(({ platform, status, itemsKept, itemsDone }) => [platform, status, itemsKept, itemsDone])).toEqual(
    ids.map((id) => [id, 'completed', 31, 17]),
  );
  for (const id of ids) {
    const { requests } = sites.sites[id];
    const asked = requests.flatMap(({ itemKey }) => itemKey ?? []);
    const wanted = open.flatMap(({ platform, key }) => (platform === id ? [key] : []));
    expect([id, asked.toSorted()]).toEqual([id, wanted.toSorted()]);
    // Nothing else: no list, and of the auctions the images that come with every lot.
    const others = requests.filter(({ itemKey }) => itemKey === undefined).map(({ path }) => path);
    expect(new Set(others).size).toBe(others.length);
    expect([id, others.filter((path) => !path.startsWith('/wp-content/uploads/'))]).toEqual([id, []]);
    expect(others).toHaveLength(id === 'bringatrailer' ? 96 : 0);
  }
});
