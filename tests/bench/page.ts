/**
 * `npm run bench:page [-- --print] [-- 1000 100000]`: how long it takes from a run's end to the page, with a short and
 * with a long history, how much memory that takes and how large the front page is; then how long 10,000 pages of runs
 * take to be made anew, and whether that gives the same bytes. Written to docs/performance.md, unless lengths are given
 * or `--print`. Run it alone. `DATABASE_URL` may name a server; without it one of its own is started.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { seedHistory } from '../helpers/seed-history.ts';
import { createDatabase, dropDatabase } from '../helpers/server.ts';
import { machineWords } from './machine.ts';
import { measureFresh, type Fresh } from './page-fresh.ts';
import { measureRebuild } from './page-rebuild.ts';
import { writeSection } from './report.ts';

const REBUILT_RUNS = 10_000;

const { values, positionals } = parseArgs({
  options: { print: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const machine = machineWords(['astro', 'postgres', 'drizzle-orm']);
const folder = await mkdtemp(join(tmpdir(), 'rescrape-bench-'));
await chmod(folder, 0o755);
const server = await openServer(process.env['DATABASE_URL']);
try {
  const lengths = positionals.length > 0 ? positionals.map(Number) : [1_000, 100_000];
  const fresh: Fresh[] = [];
  for (const runs of lengths) fresh.push(await withHistory(runs, (url, at) => measureFresh(url, at, runs)));
  const rebuilt = await withHistory(REBUILT_RUNS, (url, at) => measureRebuild(url, at));
  const head = `Written by \`npm run bench:page\` on ${new Date().toISOString().slice(0, 10)}, with database and all on the same machine; four
platforms in each run. The publisher is the process that makes the page; a rebuild is one \`npm run page:build\`, from its
start to its end.\n\n${machine.map((words) => `- ${words}`).join('\n')}`;
  const text = `${head}\n\n${freshTable(fresh)}\n\n${rebuildTable(rebuilt)}\n`;
  if (values.print || positionals.length > 0) process.stdout.write(`\n${text}`);
  else process.stdout.write(`\n${await writeSection('The status page', text)}\nWritten to docs/performance.md.\n`);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** The server `DATABASE_URL` names, where a database can be made, or one of our own. */
async function openServer(given: string | undefined): Promise<{ url: string; stop(): Promise<void> }> {
  if (given) return { url: given, stop: () => Promise.resolve() };
  const embedded = await startEmbedded(join(folder, 'server'), { info: () => {}, warn: console.warn });
  return { url: embedded.url, stop: () => embedded.release() };
}

/** What was written stays until the end: a disk that has just deleted much is slow in writing. */
async function withHistory<T>(runs: number, work: (url: string, at: string) => Promise<T>): Promise<T> {
  const name = `rescrape_bench_${process.pid}_${runs}`;
  const url = await createDatabase(server.url, name);
  try {
    await migrate(url);
    process.stderr.write(`making a history of ${count(runs)} runs\n`);
    await seedHistory(url, runs);
    return await work(url, join(folder, String(runs)));
  } finally {
    await dropDatabase(server.url, name);
  }
}

function freshTable(all: readonly Fresh[]): string {
  const line = (what: string, goal: string, say: (one: Fresh) => string) => [what, ...all.map(say), goal];
  return table([
    ['', ...all.map(({ runs }) => `${count(runs)} runs`), 'Goal'],
    line(`Run committed to front page over HTTP, median of ${all[0]?.took.length ?? 0}`, '1,500 ms', ({ took }) =>
      ms(middle(took)),
    ),
    line('The same, the longest', '', ({ took }) => ms(Math.max(...took))),
    line('Most memory of the publisher', '400 MB', ({ memoryMb }) => `${memoryMb} MB`),
    line('Front page', '100 kB', ({ bytes }) => kb(bytes)),
    line('The same, as it is sent (br)', '', ({ sent }) => kb(sent)),
    line('First page, with all that it takes to make one', '', ({ firstMs }) => ms(firstMs)),
  ]);
}

function rebuildTable({ files, took, memoryMb, same }: Awaited<ReturnType<typeof measureRebuild>>): string {
  return table([
    [`All ${count(files)} files of ${count(REBUILT_RUNS)} runs made anew`, `${took.length} times`, 'Goal'],
    ['Median', seconds(middle(took)), '15 s'],
    ['The longest', seconds(Math.max(...took)), ''],
    ['Most memory of its process', `${memoryMb} MB`, ''],
    ['The same bytes each time', same ? 'yes' : '**no**', 'yes'],
  ]);
}

function table([head = [], ...rows]: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function middle(durations: readonly number[]): number {
  return durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)] ?? NaN;
}

function ms(value: number): string {
  return `${count(Math.round(value))} ms`;
}

function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`;
}

function kb(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
