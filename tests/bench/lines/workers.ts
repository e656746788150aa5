/** Whether more workers are more work: the same runs, taken by one, two and four worker processes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { startProcess } from '../../helpers/house-process.ts';
import { found, startBenchBot } from '../busy-bot.ts';
import { figure, type Figures, type Line } from '../line.ts';
import { folder } from '../world.ts';

const runs = 4;
const books = ['sportybet', 'betpawa', 'bet9ja'];
/** Slow enough that the processor waits for the sites and not they for it. */
const sites = { latencyMs: 300, matches: 40 };

const perMinute = 'jobs a minute';

/** The runs are asked for first; each worker takes one job at a time, and no platform is scraped twice at once. */
async function taken(workers: number): Promise<Figures> {
  await using started = new AsyncDisposableStack();
  const house = started.use(await startBenchBot(sites, { WORKER: 'off' }));
  const file = join(await folder(), 'settings.mjs');
  await writeFile(file, 'export default { workerSlots: 1, parallelPlatforms: 4 };');
  for (let run = 1; run <= runs; run += 1) house.bot.type(`/scrape now ${books.join(' ')}`);
  await found(() => house.bot.said.find((said) => said.run === runs));
  const env = { DATABASE_URL: house.url, DATA_DIR: await folder(), CONFIG_FILE: file, ...house.books.env };
  for (let worker = 0; worker < workers; worker += 1) started.use(startProcess('bot/worker.ts', [], env));
  await found(() => house.bot.said.find((said) => said.run === runs && said.text.includes('is complete')));
  await using database = openDatabase(house.url);
  const [row] = await database.db.execute<{ took: string }>(sql`
    select extract(epoch from max(finished_at) - min(started_at)) as took from jobs`);
  const seconds = Number(row?.took);
  return { [perMinute]: (runs * books.length * 60) / seconds, seconds };
}

export const moreWorkers: Line = {
  title: 'The same runs with one, two and four workers',
  note: `${runs} runs of three books at once, on sites that answer after ${sites.latencyMs} ms, one job at a time for each worker. No book is scraped twice at once, so a fourth worker has little to do.`,
  ways: [1, 2, 4].map((workers) => ({
    name: workers === 1 ? 'one worker' : `${workers} workers`,
    measure: () => taken(workers),
  })),
  goals: [
    {
      what: 'Two workers',
      unit: '× one worker',
      least: 1.7,
      of: (round) => figure(round, '2 workers', perMinute) / figure(round, 'one worker', perMinute),
    },
    {
      what: 'Four workers for three books',
      unit: '× one worker',
      least: 2,
      of: (round) => figure(round, '4 workers', perMinute) / figure(round, 'one worker', perMinute),
    },
  ],
  plain: true,
};
