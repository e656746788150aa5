/** Whole runs, as people see them: how soon a job starts, and how long three books take. */
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { platforms } from '#scraper/index.ts';
import type { Pace } from '#scraper/platform.ts';
import settings from '../../../rescrape.config.ts';
import { found, startBenchBot, type BenchBot } from '../busy-bot.ts';
import { figure, percentile, type Line } from '../line.ts';

const books = ['sportybet', 'bet9ja', 'betpawa'] as const;
const runs = 30;

/** Asks for a run and waits until it is told as complete. */
async function complete({ bot }: BenchBot, run: number, asked: string): Promise<void> {
  bot.type(asked);
  await found(() => bot.said.find((said) => said.slot === 'card' && said.text.includes(`Run ${run} is complete`)));
}

export const enqueueToStart: Line = {
  title: 'From a request for a run to the start of its job',
  note: `${runs} runs of one book, one after the other: from the transaction that stores the job and wakes a worker to the one that claims it.`,
  ways: [
    {
      name: 'ours',
      async measure() {
        await using house = await startBenchBot({ latencyMs: 0, matches: 4 });
        for (let run = 1; run <= runs; run += 1) await complete(house, run, '/scrape now sportybet');
        await using database = openDatabase(house.url);
        const rows = await database.db.execute<{ ms: string }>(
          sql`select extract(epoch from started_at - created_at) * 1000 as ms from jobs`,
        );
        const took = rows.map(({ ms }) => Number(ms));
        return { 'p50 ms': percentile(took, 0.5), 'p99 ms': percentile(took, 0.99) };
      },
    },
  ],
  goals: [
    { what: 'Request to start of a job, p50', unit: 'ms', most: 10, of: (round) => figure(round, 'ours', 'p50 ms') },
  ],
};

const matches = 1_300;
const latencyMs = 100;

export const fullCycle: Line = {
  title: `A run of three books with ${matches.toLocaleString('en')} events each, on sites that answer after ${latencyMs} ms`,
  note: `With the pace that each book is asked at, lists in pages as long as the real ones, and ${settings.parallelPlatforms ?? 2} books at once. What these limits alone force: so many requests of a book, one after the other at its pace.`,
  ways: [
    {
      name: 'ours',
      async measure() {
        await using house = await startBenchBot({ latencyMs, matches, longPages: true });
        await complete(house, 1, `/scrape now ${books.join(' ')}`);
        await using database = openDatabase(house.url);
        const [row] = await database.db.execute<{ took: string }>(
          sql`select extract(epoch from finished_at - started_at) as took from runs`,
        );
        const asked = await house.books.requests();
        const forced = atOnce(
          books.map((id) => forcedSeconds(asked[id], paceOf(id))),
          settings.parallelPlatforms ?? 2,
        );
        return { seconds: Number(row?.took), 'forced by the limits, s': forced, ratio: Number(row?.took) / forced };
      },
    },
  ],
  goals: [
    {
      what: 'A run of three books',
      unit: '× what its limits force',
      most: 1.2,
      of: (round) => figure(round, 'ours', 'ratio'),
    },
  ],
};

function paceOf(id: string): Pace {
  const platform = platforms.find((one) => one.id === id);
  if (platform === undefined) throw new Error(`there is no platform ${id}`);
  return platform.pace;
}

/** Requests leave at least a gap apart, and never more at once than allowed; the last one has to be answered too. */
function forcedSeconds(requests: number, { concurrency, gapMs }: Pace): number {
  return ((requests - 1) * Math.max(gapMs, latencyMs / concurrency) + latencyMs) / 1_000;
}

/** So many at a time, each taking the next one in order. */
function atOnce(seconds: readonly number[], most: number): number {
  const free = Array.from({ length: most }, () => 0);
  for (const one of seconds) {
    const next = free.indexOf(Math.min(...free));
    free[next] = (free[next] ?? 0) + one;
  }
  return Math.max(...free);
}
