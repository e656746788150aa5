/** Real workers over a real database and a real site; each counts as a process of its own. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { createEvidenceService } from '#bot/evidence-service.ts';
import { createLog } from '#bot/log.ts';
import { startRunWorker } from '#bot/run-worker.ts';
import { sql } from '#db/drizzle.ts';
import { hostPausesIn } from '#db/host-pauses.ts';
import { createFileStore, type Platform } from '#scraper/index.ts';
import { serveProxy } from '../helpers/connect-proxy.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { anIntent, openHouse, toyPlatform } from '../helpers/house.ts';
import { serve, type Loopback } from '../helpers/loopback.ts';

const { url } = await testDatabase();
const house = await openHouse(url, { policy: { attempts: 3, baseMs: 1, capMs: 1 } });
const { db, runs } = house;
const pauses = hostPausesIn(db);
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

/** A platform whose discovery is one request. */
const asking: Platform = {
  ...toyPlatform('bet9ja'),
  steps: [
    {
      kind: 'discover',
      name: 'discover',
      feeds: 'extract',
      async *discover(site) {
        await site.http.json({ path: '/list' });
        yield [];
      },
    },
    { kind: 'items', name: 'extract', work: async () => [] },
  ],
};

async function startWorker(site: string, proxyUrl?: string): Promise<void> {
  const worker = await startRunWorker({
    jobs: house.jobs,
    pauses,
    evidence: createEvidenceService(house.database, { hours: 72, perPlatform: 100 }),
    database: house.database,
    files: createFileStore(join(tmpdir(), 'rescrape-no-files')),
    queue: house.queue,
    findPlatform: () => asking,
    baseUrls: { bet9ja: site },
    proxyUrls: proxyUrl === undefined ? {} : { bet9ja: proxyUrl },
    slots: 1,
    owner: 'a worker',
    log: createLog('silent', 'test'),
  });
  onTestFinished(() => worker.stop(0));
}

async function job(): Promise<{ status: string; attempt: number; waits: number | null }> {
  const rows = await db.execute<{ status: string; attempt: number; waits: number | null }>(sql`
    select status, attempt, extract(epoch from next_attempt_at - now())::float8 as waits from jobs`);
  return rows[0]!;
}

const busy = (seconds: number): Promise<Loopback> =>
  serve((_, response) => response.writeHead(429, { 'retry-after': String(seconds) }).end());

it('keeps what a site asks for, and asks again only then', async () => {
  await using site = await busy(600);
  await runs.start(anIntent(), ['bet9ja']);
  await startWorker(site.url);
  await expect.poll(job).toMatchObject({ status: 'waiting', attempt: 1 });
  expect((await job()).waits).toBeGreaterThan(500);
  expect((await pauses.known()).map(({ host }) => host)).toEqual([site.host]);
  expect(site.asked).toEqual(['GET /list']);
});

it('sends nothing to a host that told another worker to wait, and comes back when the wait is over', async () => {
  await using site = await serve((_, response) => response.end('[]'));
  await pauses.keep({ host: site.host, waitMs: 600_000 });
  await runs.start(anIntent(), ['bet9ja']);
  await startWorker(site.url);
  await expect.poll(job).toMatchObject({ status: 'waiting', attempt: 1 });
  expect((await job()).waits).toBeGreaterThan(500);
  const failures = await db.execute<{ kind: string; detail: string }>(sql`select kind, detail from failures`);
  expect([...failures]).toEqual([
    {
      kind: 'rate_limited',
      detail: expect.stringMatching(
        /^GET \/list: not sent: the site asked us to wait until \d\d:\d\d:\d\d UTC$/,
      ) as string,
    },
  ]);
  expect(site.connections).toBe(0);
});

it('asks a platform through its proxy, whose password reaches neither failure nor log', async () => {
  await using site = await serve((_, response) => response.end('[]'));
  await using proxy = await serveProxy({ refuse: (socket) => socket.end('HTTP/1.1 407 Who\r\n\r\n') });
  await runs.start(anIntent(), ['bet9ja']);
  await startWorker(site.url, `http://ada:PASSWORD@127.0.0.1:${proxy.port}`);
  await expect.poll(job).toMatchObject({ status: 'failed', attempt: 3 });
  expect(proxy.tunnels[0]).toEqual({ target: site.host, credentials: `Basic ${btoa('ada:PASSWORD')}` });
  const failures = await db.execute<{ detail: string }>(sql`select distinct detail from failures`);
  expect([...failures]).toEqual([{ detail: 'GET /list: the proxy does not take our user and password (407)' }]);
  expect(site.connections).toBe(0);
});
