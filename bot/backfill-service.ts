/**
 * Starts backfills: runs that make up for what stored listings lack. What a batch takes is decided in the transaction
 * that makes its run, one at a time for each platform, so that no two batches are alike.
 */
import { countLacking, lockBackfills, openBackfill, takeBatch } from '#db/backfills.ts';
import type { Database } from '#db/client.ts';
import { announce, insertRun } from '#db/runs.ts';
import type { Platform } from '#scraper/index.ts';
import { planBackfill, type BackfillAnswer, type BackfillRefusal, type BackfillRequest } from '#bot/runs/backfill.ts';
import type { Intent } from '#bot/runs/requests.ts';
import { once, type Handled } from './once.ts';
import type { Queue } from './queue.ts';

/** What the service is made of. */
export interface BackfillServiceParts {
  database: Database;
  queue: Queue;
  platforms: readonly Pick<Platform, 'id' | 'backfills'>[];
}

/** Makes the service; it holds no state of its own. */
export function createBackfillService({ database, queue, platforms }: BackfillServiceParts) {
  const offered = new Map(platforms.map(({ id, backfills = [] }) => [id, backfills.map(({ what }) => what)]));

  /** Starts a run of one batch, or says why not. */
  async function backfill(intent: Intent, request: BackfillRequest): Promise<BackfillAnswer> {
    return once(database, intent, 'backfill', { ...request }, async (tx): Promise<Handled<BackfillAnswer>> => {
      const plan = planBackfill(request, offered);
      if (plan.kind === 'refused') return refused(plan.reason);
      const { platform, what, most } = plan;
      await lockBackfills(tx, platform);
      const open = await openBackfill(tx, platform);
      if (open !== null) return refused({ kind: 'backfill_open', platform, run: open });
      const lacking = await countLacking(tx, platform, what);
      if (lacking.all === 0) return refused({ kind: 'nothing_lacks', platform, what });
      const step = stepOf(platform, what);
      const { runId, jobIds } = await insertRun(tx, {
        trigger: intent.surface,
        triggerKey: `${intent.surface}:${intent.id}`,
        retryOf: null,
        rootId: null,
        requestedBy: intent.actor,
        homeSurface: intent.surface,
        jobs: [{ platform, retryNumber: 0, fromStep: step, itemStep: step, backfill: what, sourceJobId: null }],
      });
      const [id] = jobIds;
      if (id === undefined) throw new Error('a run was made without its job');
      const { listings, items } = await takeBatch(tx, { id, platform, what, step }, most);
      await queue.enqueue(tx, [id]);
      await announce(tx, runId);
      const more = lacking.all - listings;
      return { answer: { kind: 'started', runId, platform, what, listings, items, more }, outcome: 'started', runId };
    });
  }

  function stepOf(platform: string, what: string): string {
    const backfills = platforms.find(({ id }) => id === platform)?.backfills ?? [];
    const found = backfills.find((one) => one.what === what);
    if (found === undefined) throw new Error(`${platform} has no backfill of ${what}`);
    return found.step.name;
  }

  return { backfill };
}

function refused(reason: BackfillRefusal): Handled<BackfillAnswer> {
  return { answer: { kind: 'refused', reason }, outcome: `refused:${reason.kind}`, runId: null };
}
