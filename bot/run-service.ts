/**
 * Starts runs and retries: the only writer of what people ask for. One request is one transaction: the action, the
 * run, its jobs, the inherited work items and the wake-ups stand together or not at all.
 */
import { findRootId, latestRunId, lockRoot, readChain, readChainOf } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { openTerm, probeNow } from '#db/breakers.ts';
import { databaseNow } from '#db/jobs.ts';
import { announce, inheritWorkItems, insertRun, type NewRun } from '#db/runs.ts';
import type { Platform } from '#scraper/index.ts';
import { nearest } from '#bot/runs/nearest.ts';
import { planRun } from '#bot/runs/plan.ts';
import type { Denial, Intent, RetryAnswer, RetryRequest, StartAnswer, TryAnswer } from '#bot/runs/requests.ts';
import { decideRetry, type RetryRefusal, type RetryTerms } from '#bot/runs/retry-run.ts';
import type { Chain } from '#bot/runs/run.ts';
import { once, type Handled } from './once.ts';
import type { Queue } from './queue.ts';

/** A chain's posts are told anew for a refusal at most so often, milliseconds; the narrator looks by itself every 5 s. */
const RETELL_MS = 1_000;
const RETOLD_KEPT = 1_000;

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

/** Makes the service; what it holds is in the database. */
export function createRunService(parts: RunServiceParts) {
  const { database } = parts;
  const known = parts.platforms.map((platform) => platform.id);
  /** By run: the retry that is being decided by this process. */
  const deciding = new Map<number, Promise<RetryAnswer>>();
  const looks = new Map<number, Promise<Look>>();
  /** By root: when its posts were last asked to be told anew. */
  const retold = new Map<number, number>();

  /** Starts a run of the named platforms (none: the usual ones). */
  async function start(intent: Intent, platforms: readonly string[]): Promise<StartAnswer> {
    const args = { platforms };
    return once(database, intent, 'now', args, async (tx): Promise<Handled<StartAnswer>> => {
      const plan = planRun(platforms.length === 0 ? parts.usual : platforms, known);
      if (plan.kind === 'refused') return { answer: plan, outcome: `refused:${plan.reason.kind}`, runId: null };
      const runId = await insertPlanned(tx, plan.platforms, asked(intent));
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
    await parts.queue.enqueue(tx, jobIds);
    await announce(tx, runId);
    return runId;
  }

  /** Tries a platform now that is left alone: a run of it alone, which is a probe. */
  async function tryNow(intent: Intent, platform: string): Promise<TryAnswer> {
    return once(database, intent, 'try', { platform }, async (tx): Promise<Handled<TryAnswer>> => {
      const answered = (answer: TryAnswer) => ({ answer, outcome: `refused:${answer.kind}`, runId: null });
      if (!known.includes(platform)) {
        return answered({ kind: 'unknown_platform', platform, known, nearest: nearest(platform, known) });
      }
      if ((await openTerm(tx, platform)) === null) return answered({ kind: 'not_left_alone', platform });
      await probeNow(tx, platform);
      const runId = await insertPlanned(tx, [platform], asked(intent));
      return { answer: { kind: 'started', runId, platform }, outcome: 'started', runId };
    });
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
    const { platforms, pressed } = request;
    const { terms, maxRunAgeDays } = parts;
    const args = { run: request.run, platforms, pressed };
    async function handle(tx: Db): Promise<Handled<RetryAnswer>> {
      const runId = request.run ?? (await latestRunId(tx));
      if (runId === null) return refused([{ kind: 'no_run' }]);
      const rootId = await findRootId(tx, runId);
      if (rootId === null) return refused([{ kind: 'unknown_run', run: runId }]);
      await lockRoot(tx, rootId);
      const chain = await readChain(tx, rootId);
      if (chain === null) return refused([{ kind: 'unknown_run', run: runId }]);
      const now = await databaseNow(tx);
      const decision = decideRetry({ chain, runId, platforms, pressed, known, terms, maxRunAgeDays, now });
      if (decision.kind === 'refused') await retell(tx, rootId);
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
      }
      await parts.queue.enqueue(tx, run.jobIds);
      await announce(tx, rootId);
      return {
        answer: { kind: 'started', runId: run.runId, rootId, parts: decision.parts, refused: decision.refused },
        outcome: 'started',
        runId: run.runId,
      };
    }
    /** What can be refused by a look: most of the presses, when many press at once. */
    async function refuse(db: Db): Promise<Handled<RetryAnswer> | null> {
      if (request.run === null) return null;
      const { chain, now } = await look(db, request.run);
      if (chain === null) return refused([{ kind: 'unknown_run', run: request.run }]);
      const runId = request.run;
      const decision = decideRetry({ chain, runId, platforms, pressed, known, terms, maxRunAgeDays, now });
      if (decision.kind !== 'refused') return null;
      await retell(db, chain.rootId);
      return refused(decision.reasons);
    }
    // Of many who press one button at once the first decides, and the others look when he is done: no queue for the lock.
    const key = request.run ?? 0;
    await deciding.get(key)?.catch(() => {});
    const mine = once(database, intent, 'retry', args, handle, refuse);
    if (!deciding.has(key)) {
      deciding.set(key, mine);
      void mine.catch(() => {}).finally(() => deciding.delete(key));
    }
    return mine;
  }

  /** What the button promised no longer holds: its post is told anew, with the reason in its place; once for many presses. */
  async function retell(db: Db, rootId: number): Promise<void> {
    const now = performance.now();
    if (now - (retold.get(rootId) ?? -Infinity) < RETELL_MS) return;
    if (retold.size >= RETOLD_KEPT) retold.clear();
    retold.set(rootId, now);
    await announce(db, rootId);
  }

  /** The chain as it stands: who asks while it is being read gets the same answer. */
  function look(db: Db, runId: number): Promise<Look> {
    const before = looks.get(runId);
    if (before !== undefined) return before;
    const mine = Promise.all([readChainOf(db, runId), databaseNow(db)]).then(([chain, now]) => ({ chain, now }));
    looks.set(runId, mine);
    void mine.catch(() => {}).finally(() => looks.delete(runId));
    return mine;
  }

  /** Writes down that somebody was refused; a second delivery of the same request is the same refusal. */
  async function deny(intent: Intent, denial: Denial): Promise<void> {
    const { name, args, reason } = denial;
    const denied = async (): Promise<Handled<'denied'>> => {
      return { answer: 'denied', outcome: `refused:${reason}`, runId: null };
    };
    await once(database, intent, name, args, denied, denied);
  }

  return { start, startDue, tryNow, retry, deny };
}

/** A run that somebody asked for. */
function asked({ surface, id, actor }: Intent) {
  return { trigger: surface, triggerKey: `${surface}:${id}`, requestedBy: actor, homeSurface: surface };
}

interface Look {
  chain: Chain | null;
  now: Date;
}

function refused(reasons: RetryRefusal[]): Handled<RetryAnswer> {
  return { answer: { kind: 'refused', reasons }, outcome: `refused:${reasons[0]?.kind ?? 'unknown'}`, runId: null };
}
