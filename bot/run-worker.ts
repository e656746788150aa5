/** Takes jobs and scrapes them: claim, run the platform's steps, report, look for the next. */
import type { Database } from '#db/client.ts';
import type { HostPauses } from '#db/host-pauses.ts';
import type { HeldJob } from '#db/jobs.ts';
import { isTransient } from '#db/errors.ts';
import { endFrozen } from '#db/frozen.ts';
import { LEASE_MS, LeaseLost } from '#db/jobs.ts';
import { CANCELLED_CHANNEL } from '#db/runs.ts';
import { holdHost, runPlatform, type FileStore, type Platform, type ScrapeContext } from '#scraper/index.ts';
import { brokenAttempt } from './job-failures.ts';
import type { EvidenceService } from './evidence-service.ts';
import type { JobService } from './job-service.ts';
import { startHeartbeats } from './heartbeats.ts';
import { errorFields, type Log } from './log.ts';
import type { Queue } from './queue.ts';

/** How often an idle worker looks for work nobody woke it for, milliseconds. */
const SWEEP_MS = 5_000;

/** While the database is away, giving a job back is tried again after this, doubling, milliseconds. */
const FIRST_WAIT_MS = 500;

/** What a worker is made of. */
export interface WorkerParts {
  jobs: JobService;
  pauses: HostPauses;
  evidence: EvidenceService;
  /** Where it hears that a run was cancelled, and shows that it lives. */
  database: Pick<Database, 'db' | 'listen' | 'url'>;
  /** Where downloaded files are kept. */
  files: FileStore;
  queue: Queue;
  findPlatform: (id: string) => Platform | undefined;
  baseUrls: Record<string, string>;
  /** The platforms that are asked through a proxy, and which. */
  proxyUrls: Record<string, string>;
  slots: number;
  /** How often it shows that it lives, milliseconds; as the leases want it unless given. */
  beatMs?: number;
  /** Names this process in the leases it takes. */
  owner: string;
  log: Log;
}

/** A running worker. */
export interface RunWorker {
  /** Stops taking jobs, gives back those under way after `graceMs`, and resolves when none is held any more. */
  stop(graceMs: number): Promise<void>;
}

/** Why a held job is given up: the process stops. */
class WorkerStopping extends Error {}

/** Starts taking jobs. Wake-ups come from the queue; a sweep finds what nobody announced, such as a vanished worker's jobs. */
export async function startRunWorker(parts: WorkerParts): Promise<RunWorker> {
  const { jobs, log } = parts;
  const held = new Map<number, { job: HeldJob; abort: AbortController; done: Promise<void> }>();
  let stopping = false;
  let looking: Promise<void> | null = null;
  let again = false;
  const beats = startHeartbeats({ databaseUrl: parts.database.url, onLost: lose, log, beatMs: parts.beatMs });

  function wake(): void {
    if (stopping) return;
    again = true;
    looking ??= look().finally(() => (looking = null));
  }

  async function look(): Promise<void> {
    while (again && !stopping) {
      again = false;
      try {
        while (!stopping && held.size < parts.slots) {
          const job = await jobs.claim(parts.owner, [...held.keys()]);
          if (job === null) break;
          hold(job);
        }
      } catch (error) {
        log.warn(errorFields(error), 'no job could be claimed; the next sweep tries again');
      }
    }
  }

  function hold(job: HeldJob): void {
    const abort = new AbortController();
    const done = work(job, abort.signal)
      .catch((error: unknown) => giveUp(job, error))
      .finally(() => {
        held.delete(job.id);
        beats.hold(leases());
        wake();
      });
    held.set(job.id, { job, abort, done });
    beats.hold(leases());
  }

  /** An error of ours ends the attempt, so that it cannot come round for ever; after an outage the job is given back. */
  async function giveUp(job: HeldJob, error: unknown): Promise<void> {
    const about = { jobId: job.id, runId: job.runId };
    if (error instanceof LeaseLost) {
      log.warn(about, 'late, not counted: this job was taken over or cancelled meanwhile');
      return;
    }
    log.error({ ...about, ...errorFields(error) }, 'a job could not be brought to its end');
    const end = isTransient(error) ? () => jobs.release(job) : () => breakOff(job);
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LEASE_MS)) {
      try {
        await end();
        return;
      } catch (still) {
        if (still instanceof LeaseLost || (stopping && isTransient(still))) return;
        log.warn({ ...about, ...errorFields(still) }, 'a job could not be given back yet');
        if (!isTransient(still)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async function breakOff(job: HeldJob): Promise<void> {
    const broken = brokenAttempt(job);
    await jobs.failed(job, broken.failures);
    await jobs.endAttempt(job, broken);
  }

  async function work(job: HeldJob, signal: AbortSignal): Promise<void> {
    const platform = withStepsOf(job, parts.findPlatform(job.platform));
    const discovery = platform.steps.filter((step) => step.kind === 'discover').map((step) => step.name);
    const keep = job.discovered && (await jobs.isFresh(job, platform.maxAgeMs));
    const context: ScrapeContext = {
      signal,
      skip: keep ? discovery : [],
      seed: (step, seeds) => jobs.seed(job, step, seeds, platform.maxAgeMs),
      due: () => jobs.due(job),
      keptAnswer: (step, itemKey) => parts.evidence.read(job, step, itemKey),
      pending: (step) => jobs.pending(job, step),
      async settle(step, results) {
        for (const warning of await jobs.settle(job, step, results)) {
          log.warn({ jobId: job.id, runId: job.runId, ...warning }, 'two books contradict each other about a match');
        }
      },
      stepStarted: (name) => jobs.stepStarted(job, name),
      stepFinished: (result) => jobs.stepFinished(job, result, discovery.includes(result.name)),
      keep: (evidence) => parts.evidence.keep(job, evidence),
      failed: (failures) => jobs.failed(job, failures),
      paused: (host, waitMs) => parts.pauses.keep({ host, waitMs }),
    };
    await learnPauses();
    log.info({ jobId: job.id, runId: job.runId, platform: job.platform, attempt: job.attempt }, 'job taken');
    try {
      const result = await runPlatform(platform, context, {
        baseUrl: parts.baseUrls[platform.id] ?? platform.baseUrl,
        proxyUrl: parts.proxyUrls[platform.id],
        files: parts.files,
        probe: job.probe,
        onInternalError: (error) =>
          log.error({ jobId: job.id, runId: job.runId, ...errorFields(error) }, 'a platform broke the engine'),
        onRemark: (remark, step) =>
          log.info(
            { jobId: job.id, runId: job.runId, platform: platform.id, step, remark },
            'a site behaves otherwise than we knew',
          ),
      });
      await jobs.endAttempt(job, result);
      await forget();
      log.info(
        {
          jobId: job.id,
          runId: job.runId,
          platform: job.platform,
          attempt: job.attempt,
          status: result.status,
          failure: (result.stopped ?? result.failures[0])?.kind,
        },
        'attempt ended',
      );
    } catch (error) {
      if (!(signal.reason instanceof WorkerStopping)) throw error;
      await jobs.release(job);
    }
  }

  /** What other workers were told by the sites, or this one before it was started anew. */
  async function learnPauses(): Promise<void> {
    for (const { host, waitMs } of await parts.pauses.known()) holdHost(host, waitMs);
  }

  /** A job is done whether or not old answers could be deleted after it. */
  async function forget(): Promise<void> {
    try {
      await parts.evidence.forget();
    } catch (error) {
      log.warn(errorFields(error), 'old kept answers could not be deleted; the next job tries again');
    }
  }

  function leases(): HeldJob[] {
    return [...held.values()].map((entry) => entry.job);
  }

  /** Somebody else has it by now, or it was cancelled: whatever is still done for it does not count. */
  function lose(lost: readonly { id: number; lease: number }[]): void {
    for (const { id, lease } of lost) {
      const entry = held.get(id);
      if (entry?.job.lease === lease) entry.abort.abort(new LeaseLost(id));
    }
  }

  async function sweep(): Promise<void> {
    wake();
    try {
      const ended = await endFrozen(parts.database.db);
      if (ended > 0)
        log.warn({ ended }, 'a process was not heard of in the middle of a transaction: its sessions are ended');
      if (held.size > 0) await learnPauses();
    } catch (error) {
      log.warn(errorFields(error), 'frozen sessions and the pauses of hosts could not be looked at');
    }
  }

  const sweeps = setInterval(() => void sweep(), SWEEP_MS);
  const beatNow = () => beats.hold(leases());
  const cancellations = await parts.database.listen(CANCELLED_CHANNEL, beatNow, beatNow);
  await parts.queue.work(wake);
  wake();

  return {
    async stop(graceMs) {
      stopping = true;
      clearInterval(sweeps);
      await looking;
      const grace = setTimeout(() => {
        for (const { abort } of held.values()) abort.abort(new WorkerStopping());
      }, graceMs);
      await Promise.all([...held.values()].map((entry) => entry.done));
      clearTimeout(grace);
      await beats.stop();
      await cancellations.close();
    },
  };
}

/** The platform with the steps of this job: all of a scrape's, or a backfill's one. */
function withStepsOf(job: HeldJob, platform: Platform | undefined): Platform {
  if (platform === undefined) throw new Error(`claimed a job of ${job.platform}, which is not in the registry`);
  if (job.backfill === null) return platform;
  const found = platform.backfills?.find(({ what }) => what === job.backfill);
  if (found === undefined)
    throw new Error(`claimed a backfill of ${job.backfill}, which ${job.platform} does not have`);
  return { ...platform, steps: [found.step] };
}
