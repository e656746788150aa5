/**
 * `npm run soak [-- --runs 10000]`: one bot that scrapes all the time, looked at as it grows older: memory, open files,
 * connections, tables. Ends with 1 when it needs more at the end than it did at run 1,000.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDatabase, type Db } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { startEmbedded } from '#db/embedded.ts';
import { startDemoSites } from '../demo-sites/index.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { createDatabase } from '../helpers/server.ts';
import { serverFolder } from '../helpers/server-user.ts';

/** What a process needs at one moment. */
interface Sample {
  runs: number;
  /** Resident memory, MB. */
  memory: number;
  /** Open files and sockets. */
  files: number;
  /** Connections to the database, of all kinds. */
  connections: number;
  /** The database, MB. */
  stored: number;
}

/** Runs that are under way at most: enough that the worker never waits. */
const AT_ONCE = 4;
/** Memory may be so much higher at the end than at the first sample that counts; files and connections may not grow. */
const MOST_GROWTH = 1.15;
/** Everything has been used, and caches are full, after so many of all runs. */
const WARM = 0.1;

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' } } });
const runs = Math.max(100, Number(values.runs) || 10_000);
const every = Math.ceil(runs / 20);
const samples: Sample[] = [];

await using folder = await serverFolder();
await using server = await startEmbedded(folder.path, { info: () => {}, warn: () => {} });
const url = await createDatabase(server.url, 'soak');
await using sites = await startDemoSites({ latencyMs: 0, matches: 4 });
const configFile = join(folder.path, 'settings.mjs');
await writeFile(configFile, 'export default { pace: { sportybet: { gapMs: 0 }, betpawa: { gapMs: 0 } } };');
await using bot = startProcess('bot/main.ts', ['--json'], {
  DATABASE_URL: url,
  DATA_DIR: folder.path,
  CONFIG_FILE: configFile,
  ...sites.env,
});
await using database = openDatabase(url, { max: 1, queryTimeoutMs: 30_000 });
const { db } = database;

await soak();
for (const sample of samples) process.stdout.write(`${JSON.stringify(sample)}\n`);
const faults = judge();
process.stdout.write(faults.length === 0 ? 'It needs no more than it did.\n' : `${faults.join('\n')}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function soak(): Promise<void> {
  for (let asked = 0, done = 0; done < runs; await sleep(20)) {
    done = await finished(db);
    for (; asked < runs && asked - done < AT_ONCE; asked += 1) bot.type('/scrape now sportybet betpawa');
    // What the process has said is kept by us, not by it.
    bot.said.length = 0;
    if (done >= samples.length * every) samples.push(await look(bot, done));
    if (bot.child.exitCode !== null) throw new Error(`the bot has ended: ${bot.errors().slice(-2_000)}`);
  }
  samples.push(await look(bot, runs));
}

async function finished(of: Db): Promise<number> {
  const [there] = await of.execute<{ is: boolean }>(sql`select to_regclass('runs') is not null as is`);
  if (there?.is !== true) return 0;
  const [row] = await of.execute<{ count: number }>(
    sql`select count(*)::int as count from runs where finished_at is not null`,
  );
  return row?.count ?? 0;
}

async function look({ child }: HouseProcess, done: number): Promise<Sample> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const files = await readdir(`/proc/${child.pid}/fd`);
  const [row] = await db.execute<{ connections: number; stored: number }>(sql`
    select (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
           (pg_database_size(current_database()) / 1048576)::int as stored`);
  const memory = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024);
  const sample = { runs: done, memory, files: files.length, ...{ connections: 0, stored: 0, ...row } };
  process.stderr.write(`${JSON.stringify(sample)}\n`);
  return sample;
}

/** The highest of a few samples, as memory swings with each collection. */
function judge(): string[] {
  const warm = samples.filter((one) => one.runs >= runs * WARM);
  const [first, last] = [warm.slice(0, 3), warm.slice(-3)];
  const most = (of: readonly Sample[], name: 'memory' | 'files' | 'connections') =>
    Math.max(...of.map((one) => one[name]));
  const grown = (['memory', 'files', 'connections'] as const).filter(
    (name) =>
      most(last, name) > most(first, name) * (name === 'memory' ? MOST_GROWTH : 1) + (name === 'memory' ? 0 : 3),
  );
  return grown.map((name) => `${name} grew from ${most(first, name)} to ${most(last, name)}`);
}
