/** The services over a database of one's own, with toy platforms: jobs are taken and ended by hand, without a worker. */
import { createBackfillService } from '#bot/backfill-service.ts';
import { createCancelService } from '#bot/cancel-service.ts';
import { createJobService } from '#bot/job-service.ts';
import type { Expected } from '#bot/job-standing.ts';
import { createLog } from '#bot/log.ts';
import { createMuteService } from '#bot/mute-service.ts';
import { startQueue } from '#bot/queue.ts';
import { createRunService } from '#bot/run-service.ts';
import type { Intent } from '#bot/runs/requests.ts';
import type { RetryPolicy } from '#bot/runs/retry-policy.ts';
import { beat, type Lease } from '#db/beat.ts';
import { openDatabase, type Database } from '#db/client.ts';
import { openConnections } from '#db/connections.ts';
import type { HeldJob } from '#db/jobs.ts';
import { failureSentence, type Failure, type FailureKind, type Platform, type PlatformResult } from '#scraper/index.ts';

export function toyPlatform(id: string): Platform {
  return {
    id,
    title: id,
    noun: { one: 'thing', many: 'things' },
    baseUrl: 'http://127.0.0.1:9',
    baseUrlVariable: `${id.toUpperCase()}_URL`,
    country: 'ng',
    headers: {},
    pace: { concurrency: 1, gapMs: 0, stopAfter: 5 },
    maxAgeMs: 600_000,
    steps: [
      { kind: 'discover', name: 'discover', feeds: 'extract', async *discover() {} },
      { kind: 'items', name: 'extract', work: async () => [] },
    ],
  };
}

/** Of the toys, bet9ja has images and a field that can be made up for. */
function withBackfills(platform: Platform): Platform {
  if (platform.id !== 'bet9ja') return platform;
  const step = (name: string) => ({ kind: 'items' as const, name, work: async () => [] });
  return {
    ...platform,
    backfills: [
      { what: 'images', step: step('images') },
      { what: 'vin', step: step('reread') },
    ],
  };
}

export const ada = { surface: 'console', id: 'ada', name: 'Ada' };

let count = 0;
/** A request nobody made before. */
export function anIntent(given: Partial<Intent> = {}): Intent {
  return { surface: 'console', id: `request-${process.pid}-${++count}`, actor: ada, ...given };
}

export function aFailure(platform: string, kind: FailureKind, given: Partial<Failure> = {}): Failure {
  return {
    kind,
    headline: failureSentence(kind, platform),
    detail: `GET / answered ${kind}`,
    retryable: false,
    step: 'extract',
    itemKey: null,
    until: null,
    fingerprint: null,
    ...given,
  };
}

export function aResult(status: PlatformResult['status'], stopped: Failure | null = null): PlatformResult {
  return { status, steps: [], failures: stopped === null ? [] : [stopped], stopped };
}

interface HouseOptions {
  policy?: RetryPolicy;
  parallelPlatforms?: number;
  /** Platforms of another kind than the toys. */
  platforms?: readonly Platform[];
  /** What is expected of every platform's deliveries; nothing, unless a test is about it. */
  expected?: Expected;
}

/** Opens the services; each call has its own pool, as another process would. */
export async function openHouse(url: string, options: HouseOptions = {}) {
  const platforms = options.platforms ?? ['sportybet', 'bet9ja', 'betpawa'].map(toyPlatform).map(withBackfills);
  const log = createLog('silent', 'test');
  const database: Database = openDatabase(url, { max: 6 });
  const heart = openConnections(url, { max: 1, queryTimeoutMs: 5_000, applicationName: 'rescrape heartbeat' });
  const queue = await startQueue(url, log);
  const runs = createRunService({
    database,
    queue,
    platforms,
    usual: platforms.map((platform) => platform.id),
    terms: () => ({ maxAgeMs: 600_000, firstStep: 'discover', itemStep: 'extract' }),
    maxRunAgeDays: 7,
  });
  const jobs = createJobService({
    breaker: { failures: 5, coolMs: 1_800_000, longestMs: 21_600_000 },
    ends: { loss: { graceMs: 45_000, stableMs: 30_000 }, maxRunHours: 8_760 },
    log: createLog('silent', 'test'),
    database,
    queue,
    limits: {
      platforms: platforms.map((platform) => platform.id),
      parallelPlatforms: options.parallelPlatforms ?? 3,
      jobsPerPlatform: 1,
    },
    rules: { general: options.policy ?? { attempts: 1, baseMs: 1, capMs: 1 }, rules: [] },
    expected: () => options.expected ?? null,
    random: () => 0,
  });

  async function take(platform?: string): Promise<HeldJob> {
    const job = await jobs.claim('a worker');
    if (job === null) throw new Error('there was no job to take');
    if (platform !== undefined && job.platform !== platform) throw new Error(`took ${job.platform}, not ${platform}`);
    return job;
  }

  return {
    database,
    db: database.db,
    queue,
    runs,
    backfill: createBackfillService({ database, queue, platforms }).backfill,
    cancel: createCancelService({ database }).cancel,
    mutes: createMuteService({ database, known: platforms.map((platform) => platform.id) }),
    jobs,
    take,
    /** Says that these are still held; answers which of them are. */
    beat: (...held: Lease[]) => beat(heart.pool, held),
    /** Starts a run of these and gives its number; for tests that are not about starting one. */
    async scrape(...wanted: string[]): Promise<number> {
      const answer = await runs.start(anIntent(), wanted);
      if (answer.kind !== 'started') throw new Error(`the run was not started: ${answer.kind}`);
      return answer.runId;
    },
    /** Takes every job there is and ends it; those of a platform that is named end as told. */
    async workAll(ends: Record<string, PlatformResult> = {}): Promise<void> {
      for (let job = await jobs.claim('a worker'); job !== null; job = await jobs.claim('a worker')) {
        await jobs.endAttempt(job, ends[job.platform] ?? aResult('completed'));
      }
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await queue.stop();
      await heart.pool.close();
      await database.close();
    },
  };
}
