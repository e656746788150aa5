import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readChain } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { waitsFor } from '#bot/runs/common-cause.ts';
import type { PlatformResult } from '#scraper/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, aResult, anIntent, openHouse } from '../helpers/house.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url, { policy: { attempts: 3, baseMs: 1, capMs: 1 } });
const all = ['sportybet', 'bet9ja', 'betpawa'];

afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

/** How an attempt ends that meets no site at all. */
function unreached(platform: string, fingerprint: 'connection' | 'status 503' = 'connection'): PlatformResult {
  return aResult('failed', aFailure(platform, 'unreachable', { retryable: true, fingerprint }));
}

/** All three platforms of a run are under way. */
async function start(platforms = all): Promise<void> {
  await house.runs.start(anIntent(), platforms);
}

async function fail(platform: string, fingerprint?: 'connection' | 'status 503'): Promise<void> {
  await house.jobs.endAttempt(await house.take(platform), unreached(platform, fingerprint));
}

async function causes(): Promise<Record<string, unknown>[]> {
  return [
    ...(await db.execute(sql`select fingerprint, platforms, opened_run, closed_run from common_causes order by id`)),
  ];
}

/** Who waits for whom, as people are told it. */
async function waiting(run = 1): Promise<Record<string, string>> {
  const chain = await readChain(db, run);
  const jobs = chain?.runs.flatMap(({ jobs: of }) => of) ?? [];
  return Object.fromEntries(
    jobs.flatMap((job) => {
      const first = chain === null ? null : waitsFor(job, chain);
      return first === null ? [] : [[job.platform, first]];
    }),
  );
}

describe('one cause of several failures', () => {
  it('is found when a second platform fails in the same way, and joined by a third', async () => {
    await start();
    const [sportybet, bet9ja, betpawa] = [await house.take(), await house.take(), await house.take()];
    await house.jobs.endAttempt(bet9ja, unreached('bet9ja'));
    expect(await causes()).toEqual([]);
    await house.jobs.endAttempt(sportybet, unreached('sportybet'));
    const found = { fingerprint: 'connection', platforms: ['bet9ja', 'sportybet'], opened_run: 1, closed_run: null };
    expect(await causes()).toEqual([found]);
    await house.jobs.endAttempt(betpawa, unreached('betpawa'));
    expect(await causes()).toEqual([{ ...found, platforms: ['bet9ja', 'sportybet', 'betpawa'] }]);
  });

  it('is found when both fail at the same moment, in runs of their own', async () => {
    await using other = await openHouse(url, { policy: { attempts: 3, baseMs: 1, capMs: 1 } });
    await start(['sportybet']);
    await start(['bet9ja']);
    const [one, two] = [await house.take('sportybet'), await house.take('bet9ja')];
    // Both wait for their job's row, and go on together.
    const { promise: held, resolve: hold } = Promise.withResolvers<void>();
    const { promise: free, resolve: release } = Promise.withResolvers<void>();
    const holding = db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from jobs for update`);
      hold();
      await free;
    });
    await held;
    const ends = [house.jobs.endAttempt(one, unreached('sportybet')), other.jobs.endAttempt(two, unreached('bet9ja'))];
    await expect
      .poll(() =>
        db.execute(sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`),
      )
      .toHaveLength(2);
    release();
    await Promise.all([holding, ...ends]);
    expect(await causes()).toHaveLength(1);
  });

  it('is found over two runs within five minutes, and not after that', async () => {
    await start(['sportybet']);
    await fail('sportybet');
    await db.execute(sql`update jobs set next_attempt_at = now() + interval '1 hour',
      failed_at = now() - interval '6 minutes'`);
    await start(['bet9ja']);
    await fail('bet9ja');
    expect(await causes()).toEqual([]);
    await db.execute(sql`update jobs set failed_at = now() - interval '4 minutes' where platform = 'sportybet'`);
    await fail('bet9ja');
    expect(await causes()).toMatchObject([{ platforms: ['sportybet', 'bet9ja'], opened_run: 2 }]);
  });

  it('is not seen in what differs, in one platform alone, and in items that broke among others that did not', async () => {
    await start();
    const [sportybet, bet9ja, betpawa] = [await house.take(), await house.take(), await house.take()];
    await house.jobs.endAttempt(sportybet, unreached('sportybet'));
    await fail('sportybet');
    await house.jobs.endAttempt(bet9ja, unreached('bet9ja', 'status 503'));
    const failure = aFailure('betpawa', 'unreachable', { retryable: true, fingerprint: 'connection', itemKey: '7' });
    await house.jobs.endAttempt(betpawa, {
      ...aResult('partial'),
      failures: [failure],
    });
    expect(await causes()).toEqual([]);
  });

  it('has one platform tried first while the others wait, which people are told', async () => {
    await start();
    const jobs = [await house.take(), await house.take(), await house.take()];
    for (const job of jobs) await house.jobs.endAttempt(job, unreached(job.platform));
    expect(await waiting()).toEqual({ bet9ja: 'sportybet', betpawa: 'sportybet' });
    const first = await house.take('sportybet');
    expect(await house.jobs.claim('a worker')).toBeNull();
    await house.jobs.endAttempt(first, unreached('sportybet'));
    const last = await house.take('sportybet');
    expect(await house.jobs.claim('a worker')).toBeNull();
    await house.jobs.endAttempt(last, unreached('sportybet'));
    expect(await waiting()).toEqual({});
    expect([(await house.take()).platform, (await house.take()).platform]).toEqual(['bet9ja', 'betpawa']);
  });

  it('is over as soon as the first one gets on: the others are woken and follow', async () => {
    await start();
    const jobs = [await house.take(), await house.take(), await house.take()];
    for (const job of jobs) await house.jobs.endAttempt(job, unreached(job.platform));
    const first = await house.take('sportybet');
    await db.execute(sql`delete from pgboss.job`);
    await house.jobs.seed(first, 'extract', [{ key: '1', priority: 1, payload: {} }], 600_000);
    expect(await causes()).toMatchObject([{ closed_run: 1 }]);
    expect([...(await db.execute(sql`select data ->> 'jobId' as job from pgboss.job order by 1`))]).toEqual([
      { job: '2' },
      { job: '3' },
    ]);
    expect(await waiting()).toEqual({});
    expect([(await house.take()).platform, (await house.take()).platform]).toEqual(['bet9ja', 'betpawa']);
  });

  it('is over when the first one fails in a way of its own', async () => {
    await start(['sportybet', 'bet9ja']);
    const jobs = [await house.take(), await house.take()];
    for (const job of jobs) await house.jobs.endAttempt(job, unreached(job.platform));
    await fail('sportybet', 'status 503');
    expect(await causes()).toMatchObject([{ fingerprint: 'connection', closed_run: 1 }]);
    expect((await house.take()).platform).toBe('sportybet');
    expect((await house.take()).platform).toBe('bet9ja');
  });

  it('lasts over the runs that follow, which try one first as well; a retry that a person asks for is let through', async () => {
    await start(['sportybet', 'bet9ja']);
    await house.workAll({ sportybet: unreached('sportybet'), bet9ja: unreached('bet9ja') });
    expect(await db.execute(sql`select status, attempt from jobs`)).toEqual([
      { status: 'failed', attempt: 3 },
      { status: 'failed', attempt: 3 },
    ]);
    await start();
    const first = await house.take('sportybet');
    expect(await waiting(2)).toEqual({ bet9ja: 'sportybet' });
    expect((await house.take()).platform).toBe('betpawa');
    expect(await house.jobs.claim('a worker')).toBeNull();
    await house.runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: true });
    const asked = await house.take('bet9ja');
    await house.jobs.endAttempt(asked, aResult('completed'));
    expect(await causes()).toMatchObject([{ closed_run: 3 }]);
    await house.jobs.endAttempt(first, aResult('completed'));
    expect((await house.take()).platform).toBe('bet9ja');
  });

  it('does not count against the platforms: none of them is left alone for it', async () => {
    const ends = Object.fromEntries(all.map((platform) => [platform, unreached(platform)]));
    for (let count = 0; count < 6; count += 1) {
      await start();
      await house.workAll(ends);
    }
    expect(await causes()).toHaveLength(1);
    expect(await db.execute(sql`select 1 from breaker_terms`)).toEqual([]);
    expect(await db.execute(sql`select distinct status from jobs`)).toEqual([{ status: 'failed' }]);
  });
});
