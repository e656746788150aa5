/** Leaves platforms alone that fail again and again, and notices when they work again. */
import {
  beginTerm,
  endTerm,
  failedInARow,
  leftAloneRuns,
  openTerm,
  postponeProbe,
  skipLeftAlone,
} from '#db/breakers.ts';
import { findRootId } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { databaseNow, type HeldJob } from '#db/jobs.ts';
import type { JobStatus } from '#db/run-facts.ts';
import { announce } from '#db/runs.ts';
import type { FailureKind } from '#scraper/index.ts';
import { afterJob, countedKinds, type BreakerRules } from '#bot/runs/breaker.ts';
import type { Log } from './log.ts';
import { endUnbegun } from './unbegun.ts';

/** Ends, before a claim, the jobs of platforms that are left alone now. */
export async function leaveAlone(database: Database, log: Log): Promise<void> {
  for (const run of await leftAloneRuns(database.db)) {
    const skipped = await endUnbegun(database, run, (tx) => skipLeftAlone(tx, run.runId));
    if (skipped.length > 0)
      log.info({ runId: run.runId, skipped }, 'platforms are left alone, as they failed again and again');
  }
}

/** A job has ended: its platform's breaker opens, waits longer, or closes. Call in the transaction that ends it. */
export async function moveBreaker(
  tx: Db,
  job: Pick<HeldJob, 'platform' | 'runId'>,
  end: { status: JobStatus; failureKind: FailureKind | null },
  rules: BreakerRules,
): Promise<void> {
  const { platform, runId } = job;
  const term = await openTerm(tx, platform);
  const streak = await failedInARow(tx, platform, countedKinds);
  const move = afterJob({ end, term, streak, rules, now: await databaseNow(tx) });
  const kind = end.failureKind ?? 'internal';
  switch (move?.kind) {
    case 'open': {
      const { failures, since, probeAt } = move;
      return beginTerm(tx, { platform, failures, since, kind, run: runId, probeAt });
    }
    case 'postpone':
      await postponeProbe(tx, platform, { at: move.probeAt, kind });
      break;
    case 'close':
      await endTerm(tx, platform, runId);
      break;
    case undefined:
      return;
  }
  // The thread that said it is left alone says how it goes on.
  const rootId = term === null ? null : await findRootId(tx, term.openedRun);
  if (rootId !== null) await announce(tx, rootId);
}
