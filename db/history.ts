/** What the status page reads: the views of schema `status`, as the role that may see nothing else. */
import { durationsOf, type DurationCounts } from './durations.ts';
import { databaseFault, describeDatabaseError } from './errors.ts';
import * as queries from './history-queries.ts';
import type {
  ChainHistory,
  Frontier,
  LiveFacts,
  MonthFacts,
  PlatformHistory,
  RunHistory,
  RunRow,
} from './history-types.ts';
import { openLink, type Link } from './link.ts';

export type * from './history-types.ts';

/** The history as it was at the first question: every answer is of the same moment. Close it after use. */
export interface History extends AsyncDisposable {
  /** Everything the pages that change with every run are made from, as seen at `now`. */
  live(now: Date): Promise<LiveFacts>;
  frontier(): Promise<Frontier>;
  /** The roots of the chains in which something may have changed: of the runs after `newest`, and of the runs `open`. */
  changedRoots(since: Frontier): Promise<number[]>;
  /** The root runs with these numbers, both included. */
  rootsBetween(first: number, last: number): Promise<number[]>;
  /** Whole chains, by their roots. */
  chains(roots: readonly number[]): Promise<ChainHistory[]>;
  /** The runs with these numbers, both included, newest first. */
  runRows(first: number, last: number): Promise<RunRow[]>;
  /** A month like `2026-11`. */
  month(month: string): Promise<MonthFacts>;
  close(): Promise<void>;
}

/** How long (ms) one question may take, which role asks, and what nobody else may do until the history is closed. */
export interface HistoryOptions {
  deadlineMs?: number;
  role?: string;
  alone?: string;
}

/** The history cannot be read; the message says what to do. It never holds the database's own words. */
export class HistoryError extends Error {
  override name = 'HistoryError';
}

const noSuchRole = '22023';
const notAllowed = '42501';
const tookTooLong = '57014';

/** How many runs the front page knows, and how many jobs and turns of a platform its page knows. */
const NEWEST_RUNS = 50;
const POINTS = 60;
const TURNS = 20;
/** Days that are shown as cells, and days over which failures and steps are summed. */
const DAYS_SHOWN = 90;
const DAYS_SUMMED = 30;

/**
 * Opens the history over a connection of its own, as the role `rescrape_reader`. A server where that role is missing or
 * not ours to take is read with our own rights, in a transaction that cannot write; the migration has said so by then.
 */
export async function openHistory(url: string, options: HistoryOptions = {}): Promise<History> {
  const { deadlineMs = 10_000, role = 'rescrape_reader' } = options;
  const link = await connect(url, { role, alone: options.alone }, deadlineMs);

  async function ask<T>(text: string, ...params: unknown[]): Promise<T[]> {
    try {
      const rows = (await link.run({ text, params, deadlineMs: deadlineMs + 500 })) as unknown as { json: string }[];
      return rows.map(({ json }) => withDates(JSON.parse(json)) as T);
    } catch (error) {
      throw explain(error);
    }
  }

  async function live(now: Date): Promise<LiveFacts> {
    const today = isoDay(now, 0);
    const [shown, summed] = [isoDay(now, -DAYS_SHOWN), isoDay(now, -DAYS_SUMMED)];
    const dayBefore = new Date(now.getTime() - 86_400_000).toISOString();
    const platforms = await ask<PlatformHistory>(queries.selectPlatforms);
    const names = JSON.stringify(platforms.map(({ platform }) => platform));
    const [days, durations, points, steps, failures, turns, runs, open, months, ...marks] = await Promise.all([
      ask<LiveFacts['days'][number]>(queries.selectPlatformDays, isoDay(now, 1 - DAYS_SHOWN), today),
      ask<DurationCounts>(queries.selectDurations, shown),
      ask<LiveFacts['points'][number]>(queries.selectPoints, names, POINTS),
      ask<LiveFacts['steps'][number]>(queries.selectSteps, summed),
      ask<LiveFacts['failures'][number]>(queries.selectFailures, summed),
      ask<LiveFacts['turns'][number]>(queries.selectTurns, names, TURNS),
      ask<RunRow>(queries.selectNewestRuns, NEWEST_RUNS),
      ask<LiveFacts['open'][number]>(queries.selectOpenJobs),
      ask<LiveFacts['months'][number]>(queries.selectMonths),
      ask<LiveFacts['notes'][number]>(queries.selectNotes),
      ask<LiveFacts['slots'][number]>(queries.selectSlots, now.toISOString(), dayBefore),
      ask<LiveFacts['breakers'][number]>(queries.selectBreakers),
      ask<LiveFacts['mutes'][number]>(queries.selectMutes),
    ]);
    const [notes, slots, breakers, mutes] = marks;
    return {
      platforms,
      days,
      durations: durationsOf(durations),
      points,
      steps,
      failures,
      turns,
      runs,
      open,
      months,
      notes,
      slots,
      breakers,
      mutes,
    };
  }

  const rootsOf = async (rows: Promise<{ rootId: number }[]>) => (await rows).map(({ rootId }) => rootId);
  return {
    live,
    frontier: async () => (await ask<Frontier>(queries.selectFrontier))[0] ?? { newest: 0, open: [] },
    changedRoots: ({ newest, open }) => rootsOf(ask(queries.selectRoots, newest, JSON.stringify(open))),
    rootsBetween: (first, last) => rootsOf(ask(queries.selectRootRange, first, last)),
    chains: async (roots) => toChains(await ask<RunHistory>(queries.selectChains, JSON.stringify(roots))),
    runRows: (first, last) => ask<RunRow>(queries.selectRunRows, first, last),
    async month(month) {
      const [first, last] = [`${month}-01`, lastDay(month)];
      const [days, platforms] = await Promise.all([
        ask<MonthFacts['days'][number]>(queries.selectRunDays, first, last),
        ask<MonthFacts['platforms'][number]>(queries.selectPlatformDays, first, last),
      ]);
      return { days, platforms };
    },
    close: () => link.end(),
    [Symbol.asyncDispose]: () => link.end(),
  };
}

function isoDay(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

interface Opening {
  role?: string;
  alone: string | undefined;
}

async function connect(url: string, opening: Opening, deadlineMs: number): Promise<Link> {
  try {
    return await begin(url, opening, deadlineMs);
  } catch (error) {
    const code = databaseFault(error)?.code;
    if (code !== noSuchRole && code !== notAllowed) throw explain(error);
  }
  return begin(url, { alone: opening.alone }, deadlineMs).catch((error: unknown) => {
    throw explain(error);
  });
}

/**
 * `repeatable read`: the list of runs and the pages of the runs tell of the same moment. Whoever has to wait for another
 * does so before that moment.
 */
async function begin(url: string, { role, alone }: Opening, deadlineMs: number): Promise<Link> {
  const link = openLink({
    url,
    parameters: {
      ...(role === undefined ? {} : { role }),
      application_name: 'rescrape status page',
      TimeZone: 'UTC',
      statement_timeout: String(deadlineMs),
      idle_in_transaction_session_timeout: '60000',
    },
    admission: () => Promise.resolve(),
  });
  try {
    if (alone !== undefined) await takeTurn(link, alone, deadlineMs + 500);
    await link.run({ text: 'begin isolation level repeatable read, read only', deadlineMs });
    return link;
  } catch (error) {
    link.destroy();
    throw error;
  }
}

async function takeTurn(link: Link, alone: string, deadlineMs: number): Promise<void> {
  try {
    await link.run({ text: 'select pg_advisory_lock(hashtextextended($1, 0))', params: [alone], deadlineMs });
  } catch (error) {
    if (databaseFault(error)?.code !== tookTooLong) throw error;
    throw new HistoryError('Another process is at work on the same status page. It goes on when that one is done.');
  }
}

function explain(error: unknown): HistoryError {
  if (error instanceof HistoryError) return error;
  const code = databaseFault(error)?.code ?? '';
  if (code === '42P01' || code === '3F000') {
    return new HistoryError(
      'The database has no views for the status page yet. Run npm run db:migrate, then try again.',
    );
  }
  if (code === notAllowed) {
    return new HistoryError('The role rescrape_reader may not read the views. Run npm run db:migrate, then try again.');
  }
  const what = describeDatabaseError(error) ?? (error instanceof Error ? error.name : 'unknown');
  return new HistoryError(
    `The database could not be read (${what}). See that it is up and that DATABASE_URL leads to it.`,
  );
}

/** Moments are those whose name says so. A reviver of JSON.parse does the same in three times the time. */
function withDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  for (const key in fields) {
    const field = fields[key];
    if (typeof field === 'string') {
      if (key === 'at' || key.endsWith('At')) fields[key] = new Date(field);
    } else if (typeof field === 'object') withDates(field);
  }
  return value;
}

function toChains(runs: RunHistory[]): ChainHistory[] {
  const chains = new Map<number, ChainHistory>();
  for (const run of runs) {
    const chain = chains.get(run.rootId);
    if (chain === undefined) chains.set(run.rootId, { rootId: run.rootId, runs: [run] });
    else chain.runs.push(run);
  }
  return [...chains.values()];
}
