/**
 * Ends runs before they are done: every unfinished job at once, where it stands. A worker that holds one has lost its
 * lease by that, so nothing it still sends counts; it hears of it by NOTIFY, or by its next heartbeat, and stops.
 */
import { findRootId, lockRoot, readChain } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import { cancelJobs } from '#db/jobs.ts';
import { announce, announceCancelled, closeCancelledRun, jobEnds } from '#db/runs.ts';
import { closeSteps } from '#db/steps.ts';
import { decideCancel, type CancelRefusal } from '#bot/runs/cancel.ts';
import type { CancelAnswer, Intent } from '#bot/runs/requests.ts';
import { settleRun } from '#bot/runs/settle.ts';
import { once, type Handled } from './once.ts';

/** Makes the service; it holds no state of its own. */
export function createCancelService({ database }: { database: Database }) {
  /** Cancels a run, or says why not. Root and run are locked, in that order, as by everybody who decides or ends. */
  async function cancel(intent: Intent, runId: number): Promise<CancelAnswer> {
    return once(database, intent, 'cancel', { run: runId }, async (tx): Promise<Handled<CancelAnswer>> => {
      const rootId = await findRootId(tx, runId);
      if (rootId === null) return refused({ kind: 'unknown_run', run: runId });
      await lockRoot(tx, rootId);
      if (rootId !== runId) await lockRoot(tx, runId);
      const chain = await readChain(tx, rootId);
      if (chain === null) return refused({ kind: 'unknown_run', run: runId });
      const decision = decideCancel(chain, runId);
      if (decision.kind === 'refused') return refused(decision.reason);
      for (const jobId of await cancelJobs(tx, runId)) await closeSteps(tx, jobId, cancelled);
      const status = settleRun(await jobEnds(tx, runId));
      if (status !== null) await closeCancelledRun(tx, runId, status, intent.actor);
      await announceCancelled(tx, runId);
      await announce(tx, rootId);
      const { stopped, notBegun } = decision;
      return { answer: { kind: 'cancelled', run: runId, stopped, notBegun }, outcome: 'done', runId };
    });
  }

  return { cancel };
}

/** What a step that was open then is closed with. */
const cancelled = { kind: 'cancelled', detail: 'somebody cancelled the run' } as const;

function refused(reason: CancelRefusal): Handled<CancelAnswer> {
  return { answer: { kind: 'refused', reason }, outcome: `refused:${reason.kind}`, runId: null };
}
