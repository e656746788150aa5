/**
 * What becomes of runs whose home surface went away. Workers end what they would not begin any more, at a platform's
 * boundary; whoever speaks notes how surfaces stand, and starts one re-scrape when a surface has been back for a while.
 */
import { lockRoot, readChain } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { isUniqueViolation } from '#db/errors.ts';
import { databaseNow } from '#db/jobs.ts';
import { lastBegun, leaveOut, lostRuns, noteLink, owedRescrapes } from '#db/links.ts';
import { announce, inheritWorkItems, insertRun } from '#db/runs.ts';
import { nap } from '#db/nap.ts';
import type { Surface } from '#bot/chat/surface.ts';
import { planRescrape } from '#bot/runs/rescrape.ts';
import type { RetryTerms } from '#bot/runs/retry-run.ts';
import { errorFields, type Log } from './log.ts';
import type { Queue } from './queue.ts';
import { endUnbegun } from './unbegun.ts';

/** Waits, milliseconds, from `rescrape.config.ts`. */
export interface LossTiming {
  /** A surface that is down for less is not missed. */
  graceMs: number;
  /** A surface that has been up for less is not back yet. */
  stableMs: number;
}

/** How often surfaces are looked at, milliseconds. */
const LOOK_MS = 1_000;

/** Ends, before a claim, the platforms that are not begun any more, and the runs that are over by that. */
export async function endLostRuns(database: Database, timing: LossTiming, log: Log): Promise<void> {
  for (const lost of await lostRuns(database.db, timing.graceMs)) {
    const notBegun = await endUnbegun(database, lost, (tx) => leaveOut(tx, lost));
    if (notBegun.length === 0) continue;
    const { runId, surface } = lost;
    log.warn(
      { runId, surface, notBegun, lastBegun: await lastBegun(database.db, runId) },
      'a run lost its connection: the rest of it is not started',
    );
  }
}

/** What watching is made of. */
export interface LossParts {
  database: Database;
  queue: Queue;
  surfaces: readonly Surface[];
  terms: (platform: string) => RetryTerms;
  timing: LossTiming;
  /** Runs older than this are not scraped again, days. */
  maxRunAgeDays: number;
  log: Log;
}

/** Watches until `stop` is aborted; for the one process that speaks. Never throws. */
export async function watchLinks(parts: LossParts, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await lookAtLinks(parts);
    } catch (error) {
      parts.log.warn(errorFields(error), 'how surfaces are linked could not be noted; it is tried again');
    }
    await nap(LOOK_MS, stop);
  }
}

/** Looks once: notes how each surface stands, and starts the re-scrapes that are owed by now. */
export async function lookAtLinks({ database, surfaces, timing, maxRunAgeDays, ...parts }: LossParts): Promise<void> {
  const { db } = database;
  for (const surface of surfaces) {
    await noteLink(db, surface.name, surface.state().kind === 'up', timing.stableMs);
  }
  const owed = await owedRescrapes(db, { stableMs: timing.stableMs, maxAgeDays: maxRunAgeDays });
  for (const { runId, rootId } of owed) {
    try {
      await db.transaction((tx) => rescrape(tx, { runId, rootId, ...parts }));
    } catch (error) {
      // Another process that spoke a moment ago was faster.
      if (!isUniqueViolation(error)) throw error;
    }
  }
}

async function rescrape(
  tx: Db,
  { runId, rootId, queue, terms, log }: { runId: number; rootId: number } & Pick<LossParts, 'queue' | 'terms' | 'log'>,
): Promise<void> {
  await lockRoot(tx, rootId);
  const chain = await readChain(tx, rootId);
  const lost = chain?.runs.find((run) => run.id === runId);
  if (chain === null || lost === undefined) return;
  const jobs = planRescrape({ chain, runId, terms, now: await databaseNow(tx) });
  if (jobs.length === 0) return;
  const run = await insertRun(tx, {
    trigger: `rescrape:${runId}`,
    triggerKey: `rescrape:${runId}`,
    retryOf: null,
    rescrapeOf: runId,
    rootId,
    requestedBy: lost.requestedBy,
    homeSurface: lost.homeSurface,
    jobs,
  });
  for (const [index, part] of jobs.entries()) {
    const jobId = run.jobIds[index];
    if (jobId === undefined) continue;
    await inheritWorkItems(tx, jobId, part.sourceJobId, {
      discovered: part.fromStep !== terms(part.platform).firstStep,
    });
  }
  await queue.enqueue(tx, run.jobIds);
  await announce(tx, rootId);
  log.info({ runId: run.runId, rescrapeOf: runId }, 'a run that lost its connection is scraped again');
}
