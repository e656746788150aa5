/**
 * How long it takes from a run's end to the page, with a short and with a long history: from the commit that ends the
 * run until the front page says so over HTTP; then how long 10,000 pages of runs take to be made anew, and whether twice
 * gives the same bytes. Run it alone: `npm run bench:page [-- 1000 100000]`; with `-- 0` the latter only. `DATABASE_URL`
 * may name a server; without it one of its own is started.
 */
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { announce, RUNS_CHANNEL } from '#db/runs.ts';
import { startHttpServer } from '#bot/http-server.ts';
import { mapFile } from '#bot/page/map.ts';
import { createStatusPublisher } from '#bot/page/publisher.ts';
import { rebuild } from '#bot/page/rebuild.ts';
import { seedHistory, seededPlatforms } from '../helpers/seed-history.ts';
import { createDatabase, dropDatabase } from '../helpers/server.ts';
import { anOpening } from '../status-page/build-pages.ts';

const ROUNDS = 15;
const quiet = { debug: () => {}, warn: console.warn, error: console.error };

const server = await openServer(process.env['DATABASE_URL']);
const lengths = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 100_000];
for (const runs of lengths.filter((length) => length > 0)) await withHistory(server.url, runs, measure);
await withHistory(server.url, 10_000, measureRebuild);
await server.stop();

/** The server `DATABASE_URL` names, where a database can be made, or one of our own. */
async function openServer(given: string | undefined): Promise<{ url: string; stop(): Promise<void> }> {
  if (given) return { url: given, stop: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-bench-server-'));
  await chmod(folder, 0o755);
  const embedded = await startEmbedded(folder, { info: () => {}, warn: console.warn });
  return {
    url: embedded.url,
    async stop() {
      await embedded.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function withHistory(at: string, runs: number, work: typeof measure): Promise<void> {
  const name = `rescrape_bench_${process.pid}_${runs}`;
  const url = await createDatabase(at, name);
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-bench-'));
  try {
    await migrate(url);
    const began = performance.now();
    await seedHistory(url, runs);
    say(runs, 'history made in', `${((performance.now() - began) / 1000).toFixed(1)} s`);
    await work(url, folder, runs);
  } finally {
    await dropDatabase(at, name);
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(url: string, folder: string, runs: number): Promise<void> {
  await using database = openDatabase(url);
  const first = performance.now();
  const publisher = createStatusPublisher({ ...anOpening(url, folder), log: quiet as never });
  await publisher.publish();
  say(runs, 'first page after', `${Math.round(performance.now() - first)} ms`);
  await forgetArchive(folder);
  const http = await startHttpServer({
    port: 0,
    statusDir: folder,
    ready: () => Promise.resolve({ ready: true, checks: {} }),
    metrics: async () => '',
    log: quiet as never,
  });
  const listening = await database.listen(
    RUNS_CHANNEL,
    (root) => void publisher.publish(Number(root)),
    () => {},
  );
  const took: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) took.push(await endOfRun(database, http.url, runs + round));
  took.sort((a, b) => a - b);
  const front = await (await fetch(http.url)).arrayBuffer();
  say(
    runs,
    'run end to page',
    `median ${median(took)} ms, ${Math.round(took[0] ?? 0)} to ${Math.round(took.at(-1) ?? 0)} ms`,
  );
  say(runs, 'front page', `${(front.byteLength / 1000).toFixed(1)} kB`);
  say(runs, 'page process at most', `${await peakOfChildren()} MB`);
  await listening.close();
  await publisher.stop();
  await http.close();
}

async function measureRebuild(url: string, folder: string, runs: number): Promise<void> {
  for (const round of [1, 2]) {
    const began = performance.now();
    await rebuild(anOpening(url, join(folder, String(round))), new Date('2026-11-23T12:00:00Z'));
    say(runs, `rebuild ${round} in`, `${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  const [one, two] = await Promise.all([1, 2].map((round) => readFile(mapFile(join(folder, String(round))), 'utf8')));
  say(runs, 'same bytes twice', String(one === two));
  say(runs, 'rebuilding process at most', `${await peakOf('self')} MB`);
}

/** Begins a run, ends it in one transaction, and waits until the front page says so; milliseconds from the commit. */
async function endOfRun(database: Database, page: string, id: number): Promise<number> {
  await database.db.execute(sql`
    with run as (
      insert into runs (id, status, trigger, trigger_key, root_id, platforms, requested_by, started_at)
      values (${id}, 'running', 'slack', ${`bench:${id}`}, ${id}, ${`{${seededPlatforms.join(',')}}`}::text[],
              '{"surface":"slack","id":"U1","name":"x"}', now()) returning id, platforms)
    insert into jobs (run_id, root_id, platform, status, from_step, started_at, heartbeat_at, items_total, items_done)
    select id, id, platform, 'running', 'discover', now(), now(), 220, 220 from run, unnest(platforms) platform`);
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`update jobs set status = 'completed', finished_at = now() where run_id = ${id}`);
    await tx.execute(sql`update runs set status = 'completed', finished_at = now() where id = ${id}`);
    await announce(tx, id);
  });
  const committed = performance.now();
  for (;;) {
    const text = await (await fetch(page)).text();
    if (text.includes(`href="runs/${id}/"`)) return performance.now() - committed;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Pages of older runs are written behind the page; here they would only be in the way. */
async function forgetArchive(folder: string): Promise<void> {
  for (;;) {
    const map = JSON.parse(await readFile(mapFile(folder), 'utf8')) as Record<string, unknown>;
    await writeFile(mapFile(folder), JSON.stringify({ ...map, archive: null }));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const after = JSON.parse(await readFile(mapFile(folder), 'utf8')) as Record<string, unknown>;
    if (after['archive'] === null) return;
  }
}

function median(sorted: readonly number[]): number {
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? NaN);
}

async function peakOfChildren(): Promise<number> {
  const peaks: number[] = [];
  for (const name of await readdir('/proc')) {
    const parent = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (parent.split(') ')[1]?.split(' ')[1] === String(process.pid)) peaks.push(await peakOf(name));
  }
  return Math.max(...peaks);
}

async function peakOf(process: string): Promise<number> {
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

function say(runs: number, what: string, figure: string): void {
  process.stdout.write(`${runs.toLocaleString('en').padStart(9)} runs  ${what.padEnd(28)} ${figure}\n`);
}
