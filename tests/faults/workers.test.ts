/** What can happen to workers and to the queue, with real workers; each named by its row of the fault matrix. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { platforms } from '#scraper/index.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { openHouse } from '../helpers/house.ts';
import { watchedPostgres } from '../helpers/watched-postgres.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
let sites: DemoSites;
let dataDir: string;
let workers: HouseProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-faults-'));
  sites = await startDemoSites({ latencyMs: 0 });
});
beforeEach(async () => {
  await emptyHouse(db);
  await db.execute(sql`truncate events, book_events restart identity cascade`);
  for (const site of Object.values(sites.sites)) {
    site.setMood('ok');
    site.clearRequests();
  }
});
afterEach(async () => {
  for (const worker of workers) {
    worker.child.kill('SIGCONT');
    await worker[Symbol.asyncDispose]();
  }
  workers = [];
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function aWorker(databaseUrl = url, more: Record<string, string> = {}): HouseProcess {
  const worker = startProcess('bot/worker.ts', [], {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    ...sites.env,
    ...more,
  });
  workers = [...workers, worker];
  return worker;
}

async function jobOf(run: number): Promise<Record<string, unknown> | undefined> {
  const rows = await db.execute(sql`
    select status, attempt, retry_number, lease::int, crashes, items_done, items_total,
           (select count(*)::int from work_items where job_id = j.id and status = 'done') as stored
    from jobs j where run_id = ${run}`);
  return rows[0];
}

/** Everything that is stored, with the version of each row: the same if and only if nothing was written. */
async function stored(): Promise<unknown> {
  const tables = ['runs', 'jobs', 'steps', 'failures', 'work_items', 'book_events', 'odds', 'odds_changes'];
  const all = await Promise.all(
    tables.map((table) => db.execute(sql.raw(`select t.*, t.xmin::text as version from ${table} t order by t::text`))),
  );
  return all.map((rows) => [...rows]);
}

/** A worker in the middle of a job: it waits for answers that do not come. */
async function stuckWorker(): Promise<{ worker: HouseProcess; run: number }> {
  sites.sites.bet9ja.setMood('stalls');
  const worker = aWorker();
  const run = await house.scrape('bet9ja');
  await expect.poll(() => jobOf(run)).toMatchObject({ status: 'running', lease: 1 });
  await expect.poll(async () => Number((await jobOf(run))?.['stored'])).toBeGreaterThan(0);
  return { worker, run };
}

it('P1 a worker that is killed in the middle of a job is followed by another: the same attempt, nothing doubled', async () => {
  const { worker, run } = await stuckWorker();
  await worker.kill('SIGKILL');
  sites.sites.bet9ja.setMood('ok');
  aWorker();
  await expect.poll(() => jobOf(run)).toMatchObject({ status: 'completed' });
  expect(await jobOf(run)).toEqual({
    status: 'completed',
    attempt: 1,
    retry_number: 0,
    lease: 2,
    crashes: 1,
    items_done: 48,
    items_total: 48,
    stored: 48,
  });
  expect([...(await db.execute(sql`select count(*)::int as n from book_events`))]).toEqual([{ n: 48 }]);
});

it('P5 a worker that was frozen past its lease changes nothing when it wakes up, and says so', async () => {
  await using watched = await watchedPostgres(url);
  sites.sites.bet9ja.setMood('stalls');
  const frozen = aWorker(watched.url);
  // It is frozen while it stores its first records, and stores them when it wakes up, unless it asks whose job it is.
  const storing = { statement: /\bmarked as \(/, when: 'before' } as const;
  const stopped = watched.stopAt(storing, () => {
    frozen.child.kill('SIGSTOP');
    return 'goes on';
  });
  const run = await house.scrape('bet9ja');
  await stopped;
  expect(await jobOf(run)).toMatchObject({ status: 'running', lease: 1, stored: 0 });
  const other = aWorker();
  await expect.poll(() => jobOf(run), { timeout: 80_000 }).toMatchObject({ status: 'running', lease: 2, stored: 31 });
  // The other one still has it, as far as anybody knows, and writes nothing meanwhile.
  await other.kill('SIGKILL');
  await db.execute(sql`update jobs set heartbeat_at = now() + interval '1 minute'`);
  const before = await stored();
  frozen.child.kill('SIGCONT');
  await expect.poll(() => frozen.errors()).toContain('late, not counted: this job was taken over');
  // Whatever it had begun has come to its end when it has.
  frozen.child.kill('SIGTERM');
  expect(await frozen.exited()).toBe(0);
  expect(await stored()).toEqual(before);
  sites.sites.bet9ja.setMood('ok');
  await db.execute(sql`update jobs set heartbeat_at = now() - interval '16 seconds'`);
  aWorker();
  await expect.poll(() => jobOf(run)).toMatchObject({ status: 'completed', attempt: 1, lease: 3, stored: 48 });
});

it('P6 a worker that is told to stop twice ends at once, and another one goes on with its job', async () => {
  const { worker, run } = await stuckWorker();
  // The second of two that come at the same moment is taken for the first, passed on.
  const told = () => worker.child.kill('SIGTERM') && worker.child.exitCode === null;
  await expect.poll(told, { interval: 700 }).toBe(false);
  sites.sites.bet9ja.setMood('ok');
  aWorker();
  await expect.poll(() => jobOf(run)).toMatchObject({ status: 'completed', attempt: 1, lease: 2, stored: 48 });
});

it('Q1 work is found although every wake-up was lost', async () => {
  const run = await house.scrape('bet9ja');
  await db.execute(sql`delete from pgboss.job`);
  aWorker();
  await expect.poll(() => jobOf(run)).toMatchObject({ status: 'completed', lease: 1 });
  const later = await house.scrape('bet9ja');
  await db.execute(sql`delete from pgboss.job`);
  await expect.poll(() => jobOf(later)).toMatchObject({ status: 'completed', lease: 1 });
});

it('Q2 wake-ups that come twice, or for what has ended, start nothing twice', async () => {
  const run = await house.scrape('bet9ja');
  const [job] = await db.execute<{ id: number }>(sql`select id from jobs where run_id = ${run}`);
  const wake = () => db.transaction((tx) => house.queue.enqueue(tx, [job?.id ?? 0]));
  await wake();
  aWorker();
  aWorker();
  await expect.poll(() => jobOf(run)).toMatchObject({ status: 'completed' });
  const before = await stored();
  await wake();
  await expect.poll(() => db.execute(sql`select 1 from pgboss.job where state <> 'completed'`)).toHaveLength(0);
  expect(await stored()).toEqual(before);
  expect(await jobOf(run)).toMatchObject({ attempt: 1, lease: 1, crashes: 0 });
  const asked = sites.sites.bet9ja.requests.flatMap((request) => request.itemKey ?? []);
  expect(asked).toHaveLength(new Set(asked).size);
});

it('Q3 of five workers one is frozen in the middle of a claim, with all its locks: the others go on, and what it says when it wakes up counts no more', async () => {
  await using watched = await watchedPostgres(url);
  const frozen = aWorker(watched.url);
  const [first, second] = [await house.scrape('bet9ja'), await house.scrape('bet9ja')];
  // The statement has come, and its parameters do not follow.
  const claim = { statement: /update jobs set crashes =/, when: 'before' } as const;
  await watched.stopAt(claim, () => {
    frozen.child.kill('SIGSTOP');
    return 'goes on';
  });
  for (let others = 0; others < 4; others += 1) aWorker();
  const ended = { status: 'completed', attempt: 1, retry_number: 0, lease: 1, crashes: 0, items_done: 48, stored: 48 };
  for (const run of [first, second]) await expect.poll(() => jobOf(run), { timeout: 80_000 }).toMatchObject(ended);
  frozen.child.kill('SIGCONT');
  const next = await house.scrape('bet9ja');
  await expect.poll(() => jobOf(next)).toMatchObject(ended);
  for (const run of [first, second]) expect(await jobOf(run)).toMatchObject(ended);
});

it(
  'P8 a job that takes three workers down fails by itself; the other platforms of its run go on',
  { timeout: 180_000 },
  async () => {
    sites.sites.sportybet.setMood('stalls');
    await house.scrape('sportybet', 'bet9ja');
    const jobs = () =>
      db.execute(sql`select platform, status, failure_kind, lease::int, crashes from jobs order by id`);
    for (let crash = 1; crash <= 3; crash += 1) {
      const doomed = aWorker();
      await expect.poll(async () => (await jobs())[0]).toMatchObject({ status: 'running', lease: crash });
      await doomed.kill('SIGKILL');
      // The fifteen seconds in which it may still be heard of are over; P1 waits for them.
      await db.execute(sql`update jobs set heartbeat_at = now() - interval '16 seconds' where status = 'running'`);
    }
    aWorker();
    const run = () => db.execute(sql`select status from runs`);
    await expect.poll(async () => [...(await run())], { timeout: 80_000 }).toEqual([{ status: 'partial' }]);
    const [poison, other] = await jobs();
    expect(poison).toMatchObject({ status: 'failed', failure_kind: 'internal', crashes: 3 });
    expect(other).toMatchObject({ status: 'completed', failure_kind: null });
  },
);

it('P8 a page that is too much for the thread that reads it costs its own item: the worker lives, and the rest is stored', async () => {
  const hostile = '<i></i>'.repeat(300_000);
  await using site = await inFrontOf(sites.sites.bringatrailer.url, (path) =>
    path.startsWith('/listing/lot-1-') ? hostile : null,
  );
  sites.sites.bringatrailer.setMood('few');
  const worker = aWorker(url, { BRINGATRAILER_URL: site.url, CONFIG_FILE: await unhurried() });
  await using all = await openHouse(url, { platforms });
  const run = await all.scrape('bringatrailer');
  await expect.poll(() => jobOf(run)).toMatchObject({ status: 'partial', crashes: 0, lease: 1 });
  const failures = await db.execute(sql`select distinct kind, headline from failures`);
  expect([...failures]).toEqual([{ kind: 'too_large', headline: expect.any(String) as unknown }]);
  const job = await jobOf(run);
  expect(Number(job?.['items_total']) - Number(job?.['items_done'])).toBe(1);
  expect(worker.child.exitCode).toBeNull();
});

/** Settings under which Bring a Trailer is asked as fast as it answers, for its pages alone. */
async function unhurried(): Promise<string> {
  const settings = { pace: { bringatrailer: { gapMs: 0 } }, sites: { bringatrailer: { imagesPerLot: 0 } } };
  const file = join(dataDir, 'unhurried.mjs');
  await writeFile(file, `export default ${JSON.stringify(settings)};`);
  return file;
}

/** A site that answers as the other one does, but for pages of its own. */
async function inFrontOf(site: string, ownPage: (path: string) => string | null) {
  const server = createServer((request, response) => {
    const own = ownPage(request.url ?? '/');
    if (own !== null) return void response.writeHead(200, { 'content-type': 'text/html' }).end(own);
    void fetch(new URL(request.url ?? '/', site)).then(async (answer) => {
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
