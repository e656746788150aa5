/** How fresh the page is: from the commit that ends a run until the front page says so over HTTP. */
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { announce, RUNS_CHANNEL } from '#db/runs.ts';
import { startHttpServer } from '#bot/http-server.ts';
import { mapFile } from '#bot/page/map.ts';
import { createStatusPublisher } from '#bot/page/publisher.ts';
import { seededPlatforms } from '../helpers/seed-history.ts';
import { anOpening } from '../status-page/build-pages.ts';
import { peakOfChildren } from './memory.ts';

const ROUNDS = 15;

/** What was measured with a history of so many runs. Durations in milliseconds. */
export interface Fresh {
  runs: number;
  took: number[];
  firstMs: number;
  memoryMb: number;
  bytes: number;
  /** The front page as a browser gets it, compressed. */
  sent: number;
}

/** Publishes into `folder` with the publisher and the server of the bot, and ends one run after the other. */
export async function measureFresh(url: string, folder: string, runs: number): Promise<Fresh> {
  await using database = openDatabase(url);
  const log = { debug: () => {}, warn: console.warn, error: console.error };
  const began = performance.now();
  const publisher = createStatusPublisher({ ...anOpening(url, folder), log: log as never });
  await publisher.publish();
  const firstMs = performance.now() - began;
  await forgetArchive(folder);
  await using http = await startHttpServer({
    port: 0,
    statusDir: folder,
    ready: () => Promise.resolve({ ready: true, checks: {} }),
    metrics: async () => '',
    log,
  });
  const listening = await database.listen(
    RUNS_CHANNEL,
    (root) => void publisher.publish(Number(root)),
    () => {},
  );
  const took: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    took.push(await endOfRun(database, http.url, runs + round));
    process.stderr.write(`${runs} runs, round ${round} of ${ROUNDS}: ${Math.round(took.at(-1) ?? 0)} ms\n`);
  }
  const front = await fetch(http.url, { headers: { 'Accept-Encoding': 'br' } });
  const sent = Number(front.headers.get('content-length'));
  const bytes = (await front.arrayBuffer()).byteLength;
  const memoryMb = await peakOfChildren();
  await listening.close();
  await publisher.stop();
  return { runs, took, firstMs, memoryMb, bytes, sent };
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
    await sleep(10);
  }
}

/** Pages of older runs are written behind the page; here they would only be in the way. */
async function forgetArchive(folder: string): Promise<void> {
  const read = async () => JSON.parse(await readFile(mapFile(folder), 'utf8')) as Record<string, unknown>;
  do {
    await writeFile(mapFile(folder), JSON.stringify({ ...(await read()), archive: null }));
    await sleep(1_500);
  } while ((await read())['archive'] !== null);
}
