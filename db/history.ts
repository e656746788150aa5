/** What the status page reads: the views of schema `status`, as the role that may see nothing else. */
import { databaseFault, describeDatabaseError } from './errors.ts';
import { newestRoots, selectPlatforms, selectRuns } from './history-queries.ts';
import { openLink, type Link } from './link.ts';
import type { JobStatus, RunStatus, StepStatus } from './run-facts.ts';
import type { FailureKind } from '#scraper/errors.ts';

export type { JobStatus, RunStatus, StepStatus } from './run-facts.ts';
export type { FailureKind } from '#scraper/errors.ts';

/** A platform's newest finished job, and its last complete one. */
export interface PlatformHistory {
  platform: string;
  status: JobStatus;
  runId: number;
  finishedAt: Date;
  failureKind: FailureKind | null;
  items: number;
  itemsTotal: number;
  lastGoodRunId: number | null;
  lastGoodAt: Date | null;
  /** Somebody took a doubtful result as it is: it counts as complete. */
  accepted: boolean;
}

/** One hold of one step, as it really ran: a lost worker's step stays, failed as `interrupted`. */
export interface StepHistory {
  name: string;
  attempt: number;
  status: StepStatus;
  itemsTotal: number;
  itemsDone: number;
  itemsFailed: number;
  errorKind: FailureKind | null;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** Failures of one step and kind, counted; the headline is the kind's sentence, never a site's words. */
export interface FailureHistory {
  step: string;
  kind: FailureKind;
  headline: string;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

/** One platform within one run; steps in the order they ran, failures by their first occurrence. */
export interface JobHistory {
  id: number;
  platform: string;
  status: JobStatus;
  retryNumber: number;
  attempt: number;
  fromStep: string;
  itemsTotal: number;
  itemsKept: number;
  itemsDone: number;
  itemsFailed: number;
  failureKind: FailureKind | null;
  accepted: boolean;
  nextAttemptAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  steps: StepHistory[];
  failures: FailureHistory[];
}

/** One run; of whoever asked for it only the surface is known here. */
export interface RunHistory {
  id: number;
  status: RunStatus;
  trigger: string;
  retryOf: number | null;
  rootId: number;
  rescrapeOf: number | null;
  platforms: string[];
  surface: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  jobs: JobHistory[];
}

/** A root run and every run that continues it, oldest first. */
export interface ChainHistory {
  rootId: number;
  runs: RunHistory[];
}

/** The history as it was at the first question: every answer is of the same moment. Close it after use. */
export interface History extends AsyncDisposable {
  /** Every platform that ever finished a job, by name. */
  platforms(): Promise<PlatformHistory[]>;
  /** The chains in which something was asked for last, newest first. One round trip. */
  latestChains(limit: number): Promise<ChainHistory[]>;
  /** The chain with this root, or null. */
  chain(rootId: number): Promise<ChainHistory | null>;
  close(): Promise<void>;
}

/** How long (ms) one question may take, and which role asks. */
export interface HistoryOptions {
  deadlineMs?: number;
  role?: string;
}

/** The history cannot be read; the message says what to do. It never holds the database's own words. */
export class HistoryError extends Error {
  override name = 'HistoryError';
}

const noSuchRole = '22023';
const notAllowed = '42501';

/**
 * Opens the history over a connection of its own, as the role `rescrape_reader`. A server where that role is missing or
 * not ours to take is read with our own rights, in a transaction that cannot write; the migration has said so by then.
 */
export async function openHistory(url: string, options: HistoryOptions = {}): Promise<History> {
  const { deadlineMs = 10_000, role = 'rescrape_reader' } = options;
  const link = await connect(url, role, deadlineMs);

  async function ask<T>(text: string, params: readonly unknown[] = []): Promise<T[]> {
    try {
      const rows = (await link.run({ text, params, deadlineMs })) as unknown as { json: string }[];
      return rows.map(({ json }) => JSON.parse(json, reviveDate) as T);
    } catch (error) {
      throw explain(error);
    }
  }

  const chainsOf = async (roots: string, param: number) => toChains(await ask<RunHistory>(selectRuns(roots), [param]));
  return {
    platforms: () => ask<PlatformHistory>(selectPlatforms),
    latestChains: (limit) => chainsOf(newestRoots, limit),
    chain: async (rootId) => (await chainsOf('$1::int', rootId))[0] ?? null,
    close: () => link.end(),
    [Symbol.asyncDispose]: () => link.end(),
  };
}

async function connect(url: string, role: string, deadlineMs: number): Promise<Link> {
  try {
    return await begin(url, { role }, deadlineMs);
  } catch (error) {
    const code = databaseFault(error)?.code;
    if (code !== noSuchRole && code !== notAllowed) throw explain(error);
  }
  return begin(url, {}, deadlineMs).catch((error: unknown) => {
    throw explain(error);
  });
}

/** `repeatable read`: the list of runs and the pages of the runs tell of the same moment. */
async function begin(url: string, rights: { role?: string }, deadlineMs: number): Promise<Link> {
  const link = openLink({
    url,
    parameters: {
      ...rights,
      application_name: 'rescrape status page',
      TimeZone: 'UTC',
      statement_timeout: String(deadlineMs + 500),
      idle_in_transaction_session_timeout: '60000',
    },
    admission: () => Promise.resolve(),
  });
  try {
    await link.run({ text: 'begin isolation level repeatable read, read only', deadlineMs });
    return link;
  } catch (error) {
    link.destroy();
    throw error;
  }
}

function explain(error: unknown): HistoryError {
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

function reviveDate(key: string, value: unknown): unknown {
  return key.endsWith('At') && typeof value === 'string' ? new Date(value) : value;
}

function toChains(runs: RunHistory[]): ChainHistory[] {
  const chains = new Map<number, ChainHistory>();
  for (const run of runs) {
    const chain = chains.get(run.rootId);
    if (chain === undefined) chains.set(run.rootId, { rootId: run.rootId, runs: [run] });
    else chain.runs.push(run);
  }
  const newest = (chain: ChainHistory) => chain.runs.at(-1)?.id ?? 0;
  return [...chains.values()].toSorted((a, b) => newest(b) - newest(a));
}
