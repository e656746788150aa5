/**
 * A worker is killed at one exact point, seen from outside: when a statement or a commit comes by on its way to the
 * database. Whoever is started next has to bring the job to its end, with nothing lost, doubled or asked for again.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { anIntent, openHouse } from '../helpers/house.ts';
import { watchedPostgres, type Point, type WatchedPostgres } from '../helpers/watched-postgres.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
let sites: DemoSites;
let watched: WatchedPostgres;
let dataDir: string;
/** Whoever follows a killed worker is the next one to be killed: starting one is what takes longest. */
let worker: HouseProcess | null = null;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-crash-points-'));
  await writeFile(
    join(dataDir, 'settings.mjs'),
    `export default ${JSON.stringify({ pace: { bet9ja: { gapMs: 0 } } })};`,
  );
  sites = await startDemoSites({ latencyMs: 0 });
  watched = await watchedPostgres(url);
});
beforeEach(async () => {
  if (worker === null || worker.child.exitCode !== null || worker.child.signalCode !== null) worker = startWorker();
  await emptyHouse(db);
  await db.execute(sql`truncate events, book_events restart identity cascade`);
  sites.sites.bet9ja.clearRequests();
});
afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await watched[Symbol.asyncDispose]();
  await house[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function startWorker(): HouseProcess {
  return startProcess('bot/worker.ts', [], {
    DATABASE_URL: watched.url,
    DATA_DIR: dataDir,
    CONFIG_FILE: join(dataDir, 'settings.mjs'),
    ...sites.env,
  });
}

/** Scrapes bet9ja until the worker comes to the point, and kills it there. */
async function killedAt(point: Point): Promise<void> {
  const killed = watched.stopAt(point, () => void worker?.child.kill('SIGKILL'));
  await house.runs.start(anIntent(), ['bet9ja']);
  await killed;
  await worker?.exited();
}

/** The fifteen seconds in which a lost worker may still be heard of are over; P1 waits for them. */
async function givenUp(): Promise<void> {
  await db.execute(sql`update jobs set heartbeat_at = now() - interval '16 seconds' where status = 'running'`);
}

async function keysOf(status: string): Promise<string[]> {
  const rows = await db.execute<{ key: string }>(sql`select key from work_items where status = ${status} order by key`);
  return rows.map((row) => row.key);
}

async function job(): Promise<Record<string, unknown> | undefined> {
  const rows = await db.execute(sql`
    select j.status, r.status as run, j.attempt, j.retry_number, j.lease::int, j.crashes, j.items_done,
           (select count(*)::int from book_events) as events
    from jobs j join runs r on r.id = j.run_id`);
  return rows[0];
}

function asked(): string[] {
  return sites.sites.bet9ja.requests.flatMap((request) => request.itemKey ?? []).sort();
}

const claim = /update jobs set crashes =/;
const list = /insert into work_items/;
const batch = /\bmarked as \(/;
const stepEnd = /insert into steps [^)]*items_total/;
const end = /update jobs set status = \$1, failure_kind = \$2,\s+backfill_left/;
const settled = /update runs set status = \$1, finished_at/;

/** `lease`: how often the job was taken in the end; `crashes`: how often it was held by somebody who died. */
const points: {
  name: string;
  at: Point;
  left: Record<string, unknown>;
  stored: boolean;
  lease: number;
  crashes: number;
}[] = [
  {
    name: 'a claim is made but not committed',
    at: { statement: claim, commit: true, when: 'before' },
    left: { status: 'pending', run: 'pending', lease: 0 },
    stored: false,
    lease: 1,
    crashes: 0,
  },
  {
    name: 'a claim is committed, of which the worker does not know',
    at: { statement: claim, commit: true, when: 'after' },
    left: { status: 'running', run: 'running', lease: 1 },
    stored: false,
    lease: 2,
    crashes: 1,
  },
  {
    name: 'a part of the list of work items is stored',
    at: { statement: list, commit: true, when: 'after' },
    left: { status: 'running', lease: 1 },
    stored: false,
    lease: 2,
    crashes: 1,
  },
  {
    name: 'the first batch of records is written but not committed',
    at: { statement: batch, commit: true, when: 'before' },
    left: { status: 'running', items_done: 0, events: 0 },
    stored: false,
    lease: 2,
    crashes: 1,
  },
  {
    name: 'the first batch of records is committed, of which the worker does not know',
    at: { statement: batch, commit: true, when: 'after' },
    left: { status: 'running' },
    stored: true,
    lease: 2,
    crashes: 1,
  },
  {
    name: 'a second batch of records is written but not committed',
    at: { statement: batch, commit: true, when: 'before', nth: 2 },
    left: { status: 'running' },
    stored: true,
    lease: 2,
    crashes: 1,
  },
  {
    name: 'every work item is done, and its step is not ended',
    at: { statement: stepEnd, when: 'before', nth: 2 },
    left: { status: 'running', items_done: 48, events: 48 },
    stored: true,
    lease: 2,
    crashes: 1,
  },
  {
    name: 'the end of a job is written but not committed',
    at: { statement: end, commit: true, when: 'before' },
    left: { status: 'running', run: 'running', items_done: 48 },
    stored: true,
    lease: 2,
    crashes: 1,
  },
  {
    name: 'a run is settled, and nothing of it committed',
    at: { statement: settled, when: 'after' },
    left: { status: 'running', run: 'running', items_done: 48 },
    stored: true,
    lease: 2,
    crashes: 1,
  },
];

it.each(points)('killed when $name: the next worker ends the job, and asks only for what is missing', async (point) => {
  await killedAt(point.at);
  expect(await job()).toMatchObject(point.left);
  const done = await keysOf('done');
  expect(done.length > 0).toBe(point.stored);
  sites.sites.bet9ja.clearRequests();
  await givenUp();
  worker = startWorker();
  await expect.poll(job).toMatchObject({ run: 'completed' });
  expect(await job()).toEqual({
    status: 'completed',
    run: 'completed',
    attempt: 1,
    retry_number: 0,
    lease: point.lease,
    crashes: point.crashes,
    items_done: 48,
    events: 48,
  });
  expect(asked()).toEqual((await keysOf('done')).filter((key) => !done.includes(key)));
});

it('killed when the end of a job is committed, of which the worker does not know: the next worker has nothing to do', async () => {
  await killedAt({ statement: end, commit: true, when: 'after' });
  const ended = await job();
  expect(ended).toMatchObject({ status: 'completed', run: 'completed', lease: 1, crashes: 0, events: 48 });
  sites.sites.bet9ja.clearRequests();
  const before = watched.statements.length;
  worker = startWorker();
  const looked = () =>
    watched.statements.slice(before).some((text) => text.includes('select j.id, j.run_id, j.status'));
  await expect.poll(looked).toBe(true);
  expect(await job()).toEqual(ended);
  expect(asked()).toEqual([]);
});

it('killed when an attempt is put off, of which the worker does not know: the next worker makes the next attempt', async () => {
  sites.sites.bet9ja.setMood('down');
  await killedAt({ statement: /update jobs set status = 'waiting'/, commit: true, when: 'after' });
  expect(await job()).toMatchObject({ status: 'waiting', attempt: 1, lease: 1 });
  sites.sites.bet9ja.setMood('ok');
  worker = startWorker();
  await expect.poll(job).toMatchObject({ run: 'completed' });
  expect(await job()).toMatchObject({ attempt: 2, retry_number: 0, lease: 2, crashes: 0, items_done: 48, events: 48 });
});
