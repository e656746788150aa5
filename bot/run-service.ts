/**
 * Starts runs and retries: the only writer of what people ask for. One request is one transaction: the action, the
 * run, its jobs, the inherited work items and the wake-ups stand together or not at all.
 */
import { findRootId, latestRunId, lockRoot, readChain } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import { announce, inheritWorkItems, insertRun, type NewRun } from '#db/runs.ts';
import type { Platform } from '#scraper/index.ts';
import { planRun } from '#bot/runs/plan.ts';
import type { Denial, Intent, RetryAnswer, RetryRequest, StartAnswer } from '#bot/runs/requests.ts';
import { decideRetry, type RetryRefusal, type RetryTerms } from '#bot/runs/retry-run.ts';
import { once, type Handled } from './once.ts';
import type { Queue } from './queue.ts';

/** What the service is made of. */
export interface RunServiceParts {
  database: Database;
  queue: Queue;
  platforms: readonly Platform[];
  /** What a run takes when nobody names platforms. */
  usual: readonly string[];
  terms: (platform: string) => RetryTerms;
  maxRunAgeDays: number;
}

/** Makes the service; it holds no state of its own. */
export function createRunService(parts: RunServiceParts) {
  const { database } = parts;
  const known = parts.platforms.map((platform) => platform.id);

  /** Starts a run of the named platforms (none: the usual ones). */
  async function start(intent: Intent, platforms: readonly string[]): Promise<StartAnswer> {
    const args = { platforms };
    return once(database, intent, 'now', args, async (tx): Promise<Handled<StartAnswer>> => {
      const plan = planRun(platforms.length === 0 ? parts.usual : platforms, known);
      if (plan.kind === 'refused') return { answer: plan, outcome: `refused:${plan.reason.kind}`, runId: null };
      const runId = await insertPlanned(tx, plan.platforms, {
        trigger: intent.surface,
        triggerKey: `${intent.surface}:${intent.id}`,
        requestedBy: intent.actor,
        homeSurface: intent.surface,
      });
      return { answer: { kind: 'started', runId, platforms: plan.platforms }, outcome: 'started', runId };
    });
  }

  /** Writes a root run with its jobs and their wake-ups; returns its number. */
  async function insertPlanned(
    tx: Db,
    platforms: readonly string[],
    run: Pick<NewRun, 'trigger' | 'triggerKey' | 'requestedBy' | 'homeSurface'>,
  ): Promise<number> {
    const jobs = platforms.map((platform) => {
      const { firstStep, itemStep } = parts.terms(platform);
      return { platform, retryNumber: 0, fromStep: firstStep, itemStep, sourceJobId: null };
    });
    const { runId, jobIds } = await insertRun(tx, { ...run, retryOf: null, rootId: null, jobs });
    for (const jobId of jobIds) await parts.queue.enqueue(tx, jobId);
    await announce(tx, runId);
    return runId;
  }

  /** Starts the run of a schedule's slot, within the transaction that decides the slot; returns its number. */
  async function startDue(
    tx: Db,
    due: { schedule: string; slot: Date; platforms: readonly string[] },
  ): Promise<number> {
    const plan = planRun(due.platforms.length === 0 ? parts.usual : due.platforms, known);
    if (plan.kind === 'refused') throw new Error(`the schedule ${due.schedule} has no platforms to scrape`);
    return insertPlanned(tx, plan.platforms, {
      trigger: `schedule:${due.schedule}`,
      triggerKey: `schedule:${due.schedule}:${due.slot.toISOString()}`,
      requestedBy: { surface: 'schedule', id: due.schedule, name: due.schedule },
      homeSurface: null,
    });
  }

  /** Starts a retry run of what failed in a chain, or says why not. Decided under the root's lock, one at a time. */
  async function retry(intent: Intent, request: RetryRequest): Promise<RetryAnswer> {
    const args = { run: request.run, platforms: request.platforms, pressed: request.pressed };
    return once(database, intent, 'retry', args, async (tx): Promise<Handled<RetryAnswer>> => {
      const runId = request.run ?? (await latestRunId(tx));
      if (runId === null) return refused([{ kind: 'no_run' }]);
      const rootId = await findRootId(tx, runId);
      if (rootId === null) return refused([{ kind: 'unknown_run', run: runId }]);
      await lockRoot(tx, rootId);
      const chain = await readChain(tx, rootId);
      if (chain === null) return refused([{ kind: 'unknown_run', run: runId }]);
      const decision = decideRetry({
        chain,
        runId,
        platforms: request.platforms,
        pressed: request.pressed,
        known,
        terms: parts.terms,
        maxRunAgeDays: parts.maxRunAgeDays,
        now: await databaseNow(tx),
      });
      // What the button promised no longer holds: its post is told anew, with the reason in the button's place.
      if (decision.kind === 'refused') await announce(tx, rootId);
      if (decision.kind === 'refused') return refused(decision.reasons);
      const run = await insertRun(tx, {
        trigger: `retry:${runId}`,
        triggerKey: `${intent.surface}:${intent.id}`,
        retryOf: runId,
        rootId,
        requestedBy: intent.actor,
        homeSurface: intent.surface,
        jobs: decision.parts,
      });
      for (const [index, part] of decision.parts.entries()) {
        const jobId = run.jobIds[index];
        if (jobId === undefined) continue;
        const discovered = part.fromStep !== parts.terms(part.platform).firstStep;
        await inheritWorkItems(tx, jobId, part.sourceJobId, { discovered });
        await parts.queue.enqueue(tx, jobId);
      }
      await announce(tx, rootId);
      return {
        answer: { kind: 'started', runId: run.runId, rootId, parts: decision.parts, refused: decision.refused },
        outcome: 'started',
        runId: run.runId,
      };
    });
  }

  /** Writes down that somebody was refused; a second delivery of the same request is the same refusal. */
  async function deny(intent: Intent, denial: Denial): Promise<void> {
    const { name, args, reason } = denial;
    await once(database, intent, name, args, async (): Promise<Handled<'denied'>> => {
      return { answer: 'denied', outcome: `refused:${reason}`, runId: null };
    });
  }

  return { start, startDue, retry, deny };
}

function refused(reasons: RetryRefusal[]): Handled<RetryAnswer> {
  return { answer: { kind: 'refused', reasons }, outcome: `refused:${reasons[0]?.kind ?? 'unknown'}`, runId: null };
}
