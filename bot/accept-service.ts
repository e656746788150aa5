/** Takes people's word for doubtful results: the only writer of acceptances, one transaction each, with its action. */
import { findRootId, latestRunId, lockRoot, readChain } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import { insertAcceptance } from '#db/deliveries.ts';
import { announce } from '#db/runs.ts';
import { decideAcceptance, type AcceptRefusal } from '#bot/runs/accept.ts';
import type { AcceptAnswer, AcceptRequest, Intent } from '#bot/runs/requests.ts';
import { itemsDelivered } from '#bot/runs/run.ts';
import { once, type Handled } from './once.ts';

/** Makes the function that commands and forms accept with. Decided under the root's lock, as retries are. */
export function createAcceptService(parts: { database: Database; known: readonly string[] }) {
  const { database, known } = parts;
  return function accept(intent: Intent, request: AcceptRequest): Promise<AcceptAnswer> {
    return once(database, intent, 'accept', { ...request }, async (tx): Promise<Handled<AcceptAnswer>> => {
      const runId = request.run ?? (await latestRunId(tx));
      if (runId === null) return refused({ kind: 'no_run' });
      const rootId = await findRootId(tx, runId);
      if (rootId === null) return refused({ kind: 'unknown_run', run: runId });
      await lockRoot(tx, rootId);
      const chain = await readChain(tx, rootId);
      if (chain === null) return refused({ kind: 'unknown_run', run: runId });
      const { platform, pressed, why } = request;
      const decision = decideAcceptance({ chain, runId, platform, pressed, known });
      if (decision.kind === 'refused') return refused(decision.reason);
      const { job } = decision;
      if (why === '') return refused({ kind: 'no_reason', platform, run: job.runId });
      await insertAcceptance(tx, { jobId: job.id, actor: intent.actor, why });
      await announce(tx, rootId);
      const answer = { kind: 'accepted' as const, platform, run: job.runId, items: itemsDelivered(job) };
      return { answer, outcome: 'done', runId: null };
    });
  };
}

function refused(reason: AcceptRefusal): Handled<AcceptAnswer> {
  return { answer: { kind: 'refused', reason }, outcome: `refused:${reason.kind}`, runId: null };
}
