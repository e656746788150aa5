/** What chat and page ask of the history, after a thousand runs and after many more. */
import { findRootId, latestRunId, readChain, readLatestChains, readLiveChains } from '#db/chains.ts';
import { openDatabase, type Database } from '#db/client.ts';
import * as queries from '#db/history-queries.ts';
import { openHistory } from '#db/history.ts';
import { openLink, type Link } from '#db/link.ts';
import { readNumbers } from '#db/numbers.ts';
import { figure, median, type Figures, type Goal, type Line, type Way } from '../line.ts';
import { seedHistory, seededPlatforms } from '../../helpers/seed-history.ts';
import { copyOf, newDatabase } from '../world.ts';

/** Each query is asked so often; the median counts. */
const asked = 15;

interface Asking {
  database: Database;
  link: Link;
  runs: number;
}

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const page =
  (text: string, ...params: unknown[]) =>
  (of: Asking) =>
    of.link.run({ text, params, deadlineMs: 30_000 });
const names = JSON.stringify(seededPlatforms);

/** By what asks them. The page's are those of `openHistory(…).live`, one by one. */
const questions: Record<string, (of: Asking) => Promise<unknown>> = {
  '/scrape status': async ({ database: { db } }) => {
    const root = await findRootId(db, (await latestRunId(db)) ?? 0);
    return root === null ? null : readChain(db, root);
  },
  '/scrape history': ({ database: { db } }) => readLatestChains(db, 10),
  '/scrape history <an old run>': async ({ database: { db }, runs }) => readChain(db, Math.floor(runs / 3) * 2 + 1),
  '/scrape stats 24h': ({ database: { db } }) => readNumbers(db, '24h'),
  '/scrape stats 30d': ({ database: { db } }) => readNumbers(db, '30d'),
  '/scrape stats 90d': ({ database: { db } }) => readNumbers(db, '90d'),
  'narrator: live chains': ({ database: { db } }) => readLiveChains(db, new Date(Date.now() - 3_600_000)),
  'page: platforms': page(queries.selectPlatforms),
  'page: platforms by day, 90 d': page(queries.selectPlatformDays, day(89), day(0)),
  'page: durations, 90 d': page(queries.selectDurations, day(90)),
  'page: newest scrapes': page(queries.selectPoints, names, 30),
  'page: steps, 30 d': page(queries.selectSteps, day(30)),
  'page: failures, 30 d': page(queries.selectFailures, day(30)),
  'page: turns': page(queries.selectTurns, names, 10),
  'page: newest runs': page(queries.selectNewestRuns, 50),
  'page: what is open': page(queries.selectOpenJobs),
  'page: months': page(queries.selectMonths),
  'page: one run’s chain': ({ link, runs }) =>
    link.run({ text: queries.selectChains, params: [JSON.stringify([runs - 3])], deadlineMs: 30_000 }),
};

const seeded = new Map<number, Promise<string>>();

function historyOf(runs: number): Promise<string> {
  const known = seeded.get(runs) ?? seed(runs);
  seeded.set(runs, known);
  return known;
}

async function seed(runs: number): Promise<string> {
  const url = await newDatabase();
  process.stderr.write(`making a history of ${runs.toLocaleString('en')} runs …\n`);
  await seedHistory(url, runs);
  return url;
}

/** A history of one's own, to add runs to. */
export async function historyCopy(runs: number): Promise<string> {
  return copyOf(await historyOf(runs));
}

async function askAll(name: string, sizes: readonly number[]): Promise<Figures> {
  const ask = questions[name];
  const figures: Record<string, number> = {};
  for (const runs of sizes.toReversed()) {
    const url = await historyOf(runs);
    await using database = openDatabase(url, { queryTimeoutMs: 30_000 });
    const link = openLink({ url, parameters: { TimeZone: 'UTC' }, admission: () => Promise.resolve() });
    const took: number[] = [];
    for (let time = 0; time <= asked; time += 1) {
      const began = performance.now();
      await ask?.({ database, link, runs });
      // The first one also connects.
      if (time > 0) took.push(performance.now() - began);
    }
    await link.end();
    figures[column(runs)] = median(took);
  }
  return figures;
}

function column(runs: number): string {
  return `ms at ${runs.toLocaleString('en')} runs`;
}

/** All questions with histories of these lengths, the longest first. */
export function historyLine(sizes: readonly [number, ...number[]], long: boolean): Line {
  const [most] = sizes;
  const least = sizes.at(-1) ?? most;
  const ways: Way[] = Object.keys(questions).map((name) => ({ name, measure: () => askAll(name, sizes) }));
  const slowest = (of: (name: string) => number) => Math.max(...ways.map(({ name }) => of(name)));
  const goals: Goal[] = [
    {
      what: `The slowest question of chat and page at ${most.toLocaleString('en')} runs`,
      unit: 'ms',
      most: 2,
      of: (round) => slowest((name) => figure(round, name, column(most))),
    },
    {
      what: `The same, against ${least.toLocaleString('en')} runs (the one that grows most)`,
      unit: '×',
      most: 3,
      of: (round) => slowest((name) => figure(round, name, column(most)) / figure(round, name, column(least))),
    },
  ];
  return {
    title: `Asking a history of up to ${most.toLocaleString('en')} runs`,
    note: `A year of runs of four platforms, whatever their number. Medians of ${asked} times each, with the way to the server and back.`,
    ways,
    goals,
    plain: true,
    ...(long && { long: true }),
  };
}

/** What the page asks in one go, and what a `select 1` takes, for comparison. */
export const historyFloor: Line = {
  title: 'Everything the front page asks, after 100,000 runs',
  ways: [
    {
      name: 'ours',
      async measure() {
        await using history = await openHistory(await historyOf(100_000));
        return { ms: await medianOf(() => history.live(new Date())) };
      },
    },
    {
      name: 'one round trip (select 1)',
      async measure() {
        const url = await historyOf(100_000);
        const link = openLink({ url, parameters: {}, admission: () => Promise.resolve() });
        const ms = await medianOf(() => link.run({ text: 'select 1', deadlineMs: 5_000 }));
        await link.end();
        return { ms };
      },
    },
  ],
  goals: [],
};

async function medianOf(ask: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let time = 0; time <= asked; time += 1) {
    const began = performance.now();
    await ask();
    if (time > 0) took.push(performance.now() - began);
  }
  return median(took);
}
