import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LeaseLost } from '#db/jobs.ts';
import { sql } from '#db/drizzle.ts';
import type { ItemResult } from '#scraper/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, anIntent, aResult, openHouse, toyPlatform } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url, { policy: { attempts: 2, baseMs: 60_000, capMs: 60_000 } });
const { db, runs, jobs } = house;
afterAll(() => house[Symbol.asyncDispose]());

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

beforeEach(async () => {
  await emptyHouse(db);
});

const MAX_AGE = 600_000;
const seeds = ['a', 'b', 'c', 'd'].map((key, priority) => ({ key, priority, payload: { key } }));

function done(...keys: string[]): ItemResult[] {
  return keys.map((key) => ({ key, outcome: 'done', records: [] }));
}

/** Makes the last heartbeat of every running job as old as this, as if its worker had vanished then. */
async function silence(seconds: number): Promise<void> {
  await db.execute(
    sql`update jobs set heartbeat_at = now() - ${seconds} * interval '1 second' where status = 'running'`,
  );
}

describe('taking jobs', () => {
  it('gives each job to one of many workers', async () => {
    await runs.start(anIntent(), []);
    const taken = await Promise.all(Array.from({ length: 9 }, () => jobs.claim('a worker')));
    const platforms = taken.flatMap((job) => job?.platform ?? []);
    expect(platforms.sort()).toEqual(['bet9ja', 'betpawa', 'sportybet']);
  });

  it('scrapes a platform once at a time, over all runs', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    await runs.start(anIntent(), ['bet9ja']);
    const first = await house.take('bet9ja');
    expect(await jobs.claim('another')).toBeNull();
    await jobs.endAttempt(first, aResult('completed'));
    expect(await jobs.claim('another')).toMatchObject({ runId: 2 });
  });

  it('scrapes no more platforms of one run at once than allowed', async () => {
    await using narrow = await openHouse(url, { parallelPlatforms: 2 });
    await runs.start(anIntent(), []);
    const taken = [await narrow.jobs.claim('w'), await narrow.jobs.claim('w'), await narrow.jobs.claim('w')];
    expect(taken.map((job) => job?.platform)).toEqual(['sportybet', 'bet9ja', undefined]);
  });

  it('leaves a platform that it does not know to workers of the version that does', async () => {
    await using older = await openHouse(url, { platforms: [toyPlatform('sportybet')] });
    await runs.start(anIntent(), ['bet9ja']);
    await runs.start(anIntent(), ['sportybet']);
    expect(await older.jobs.claim('an older one')).toMatchObject({ platform: 'sportybet' });
    expect(await older.jobs.claim('an older one')).toBeNull();
    expect(await jobs.claim('a newer one')).toMatchObject({ platform: 'bet9ja' });
  });

  it('marks the run as running, and closes it with its last job', async () => {
    await runs.start(anIntent(), ['sportybet', 'bet9ja']);
    const job = await house.take();
    expect(await rows(sql`select status, started_at is not null as started from runs`)).toEqual([
      { status: 'running', started: true },
    ]);
    await jobs.endAttempt(job, aResult('completed'));
    expect(await rows(sql`select status from runs`)).toEqual([{ status: 'running' }]);
    await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
    expect(await rows(sql`select status, finished_at is not null as finished from runs`)).toEqual([
      { status: 'partial', finished: true },
    ]);
  });
});

describe('work items', () => {
  it('are stored before they are worked on, once each, and add up', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    expect(await jobs.seed(job, 'extract', seeds, MAX_AGE)).toEqual({ added: 4, kept: 0, known: 0 });
    expect(await jobs.seed(job, 'extract', seeds.slice(2), MAX_AGE)).toEqual({ added: 0, kept: 0, known: 0 });
    await jobs.settle(job, 'extract', [
      ...done('a'),
      { key: 'b', outcome: 'failed', failure: aFailure('bet9ja', 'unreachable') },
      { key: 'c', outcome: 'gone', failure: aFailure('bet9ja', 'not_found') },
    ]);
    expect((await jobs.pending(job, 'extract')).map((item) => [item.key, item.attempts])).toEqual([
      ['b', 1],
      ['d', 0],
    ]);
    expect(await rows(sql`select items_total, items_kept, items_done, items_failed from jobs`)).toEqual([
      { items_total: 4, items_kept: 0, items_done: 2, items_failed: 1 },
    ]);
  });

  it('come to a retry without those that are done', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.seed(job, 'extract', seeds, MAX_AGE);
    await jobs.stepFinished(job, { ...step, name: 'discover' }, true);
    await jobs.settle(job, 'extract', done('b', 'd'));
    await jobs.endAttempt(job, aResult('partial', aFailure('bet9ja', 'blocked')));
    const answer = await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    expect(answer).toMatchObject({ parts: [{ fromStep: 'extract', kept: 2, total: 4 }] });
    const retried = await house.take();
    expect((await jobs.pending(retried, 'extract')).map((item) => item.key)).toEqual(['a', 'c']);
    expect(await rows(sql`select items_total, items_kept, items_done from jobs where run_id = 2`)).toEqual([
      { items_total: 4, items_kept: 2, items_done: 0 },
    ]);
  });

  it('that records give to a later step are stored with them, counted apart, and come to a retry alone', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.seed(job, 'extract', seeds, MAX_AGE);
    await jobs.stepFinished(job, { ...step, name: 'discover' }, true);
    const fed = { step: 'images', seeds: ['a1', 'a2', 'a1'].map((key) => ({ key, priority: 0, payload: {} })) };
    await jobs.settle(job, 'extract', [{ key: 'a', outcome: 'done', records: [], fed }, ...done('b', 'c', 'd')]);
    await jobs.settle(job, 'extract', [{ key: 'a', outcome: 'done', records: [], fed }]);
    await jobs.settle(job, 'images', [
      ...done('a1'),
      { key: 'a2', outcome: 'failed', failure: aFailure('bet9ja', 'unreachable', { step: 'images' }) },
    ]);
    const broken = aFailure('bet9ja', 'unreachable', { step: 'images', retryable: false });
    await jobs.endAttempt(job, aResult('partial', broken));
    const counts = sql`select j.items_total, j.items_done, f.step, f.total, f.kept, f.done, f.failed
      from jobs j join further_items f on f.job_id = j.id order by j.id desc limit 1`;
    expect(await rows(counts)).toEqual([
      { items_total: 4, items_done: 4, step: 'images', total: 2, kept: 0, done: 1, failed: 1 },
    ]);

    const answer = await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    expect(answer).toMatchObject({ parts: [{ fromStep: 'images', kept: 1, total: 2 }] });
    const retried = await house.take();
    expect(await jobs.isFresh(retried, 0)).toBe(true);
    expect(await jobs.pending(retried, 'extract')).toEqual([]);
    expect((await jobs.pending(retried, 'images')).map((item) => item.key)).toEqual(['a2']);
    await jobs.settle(retried, 'images', done('a2'));
    await jobs.endAttempt(retried, aResult('completed'));
    expect(await rows(counts)).toEqual([
      { items_total: 4, items_done: 0, step: 'images', total: 2, kept: 1, done: 1, failed: 0 },
    ]);
    expect(await rows(sql`select status from jobs where run_id = 2`)).toEqual([{ status: 'completed' }]);
  });

  it('of later steps come to a retry that makes the list anew as well', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.seed(job, 'extract', seeds.slice(0, 2), MAX_AGE);
    const fed = { step: 'images', seeds: [{ key: 'a1', priority: 0, payload: {} }] };
    await jobs.settle(job, 'extract', [{ key: 'a', outcome: 'done', records: [], fed }]);
    await jobs.endAttempt(job, aResult('partial', aFailure('bet9ja', 'drifted', { step: 'discover' })));
    await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    const retried = await house.take();
    expect(retried.fromStep).toBe('discover');
    expect(await jobs.pending(retried, 'extract')).toEqual([]);
    expect((await jobs.pending(retried, 'images')).map((item) => item.key)).toEqual(['a1']);
  });

  it('that are done in the chain count as kept when the list is made anew', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.seed(job, 'extract', seeds.slice(0, 3), MAX_AGE);
    await jobs.settle(job, 'extract', done('a', 'b'));
    await jobs.endAttempt(job, aResult('partial', aFailure('bet9ja', 'blocked', { step: 'discover' })));
    await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    const retried = await house.take();
    expect(retried.fromStep).toBe('discover');
    expect(await jobs.seed(retried, 'extract', seeds, MAX_AGE)).toEqual({ added: 2, kept: 2, known: 0 });
    const counts = () => rows(sql`select items_total, items_kept, items_done from jobs where run_id = 2`);
    expect(await counts()).toEqual([{ items_total: 4, items_kept: 2, items_done: 0 }]);
    // Looking again, after a failure in the middle or a lost answer, finds the same.
    expect(await jobs.seed(retried, 'extract', seeds, MAX_AGE)).toEqual({ added: 0, kept: 2, known: 0 });
    expect(await counts()).toEqual([{ items_total: 4, items_kept: 2, items_done: 0 }]);
    expect((await jobs.pending(retried, 'extract')).map((item) => item.key)).toEqual(['c', 'd']);
    await jobs.settle(retried, 'extract', done('c'));
    expect(await counts()).toEqual([{ items_total: 4, items_kept: 2, items_done: 1 }]);
  });
});

const step = {
  name: 'extract',
  status: 'success' as const,
  itemsTotal: 4,
  itemsDone: 4,
  itemsFailed: 0,
  failure: null,
  counts: { requests: 5 },
};

describe('a vanished worker', () => {
  it('keeps its job while it is heard of', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await silence(10);
    expect(await house.beat(job)).toEqual(new Set([job.id]));
    expect(await jobs.claim('another')).toBeNull();
  });

  it('loses it after three missed beats, and the interruption stays visible', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.stepStarted(job, 'extract');
    await silence(16);
    const taken = await jobs.claim('another');
    expect(taken).toMatchObject({ id: job.id, attempt: 1, takenOver: true });
    expect(await rows(sql`select name, status, error_kind from steps`)).toEqual([
      { name: 'extract', status: 'failed', error_kind: 'interrupted' },
    ]);
    expect(await rows(sql`select kind from failures`)).toEqual([{ kind: 'interrupted' }]);
  });

  it('changes nothing when it wakes up', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const late = await house.take();
    await jobs.seed(late, 'extract', seeds, MAX_AGE);
    await silence(16);
    const holder = await house.take();
    await expect(jobs.settle(late, 'extract', done('a'))).rejects.toThrow(LeaseLost);
    await expect(jobs.seed(late, 'extract', [{ key: 'z', priority: 0, payload: {} }], MAX_AGE)).rejects.toThrow(
      LeaseLost,
    );
    await expect(jobs.stepStarted(late, 'extract')).rejects.toThrow(LeaseLost);
    await expect(jobs.failed(late, [aFailure('bet9ja', 'blocked')])).rejects.toThrow(LeaseLost);
    await expect(jobs.endAttempt(late, aResult('failed'))).rejects.toThrow(LeaseLost);
    expect(await house.beat(late)).toEqual(new Set());
    expect((await jobs.pending(holder, 'extract')).map((item) => item.key)).toEqual(['a', 'b', 'c', 'd']);
    await jobs.settle(holder, 'extract', done('a', 'b', 'c', 'd'));
    await jobs.endAttempt(holder, aResult('completed'));
    expect(await rows(sql`select status from runs`)).toEqual([{ status: 'completed' }]);
  });
});

describe('a job that takes its workers down', () => {
  it('is given to three workers and then to no other, and says so', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    for (const crash of [0, 1, 2]) {
      expect(await house.take()).toMatchObject({ attempt: 1, crashes: crash });
      await silence(16);
    }
    expect(await jobs.claim('a fourth')).toBeNull();
    expect(await rows(sql`select status, failure_kind from jobs`)).toEqual([
      { status: 'failed', failure_kind: 'internal' },
    ]);
    expect(await rows(sql`select status from runs`)).toEqual([{ status: 'failed' }]);
    expect(await rows(sql`select kind from failures order by id desc limit 1`)).toEqual([{ kind: 'internal' }]);
  });

  it('is not taken from a process by that same process, however old its beats look after an outage', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await silence(60);
    expect(await jobs.claim('the same', [job.id])).toBeNull();
    expect(await house.beat(job)).toEqual(new Set([job.id]));
    expect(await jobs.claim('another')).toBeNull();
  });
});

describe('a value the database refuses', () => {
  const odd = {
    kind: 'odds',
    platform: 'bet9ja',
    country: 'ng',
    eventId: 'b',
    sportradarId: null,
    geniusId: null,
  } as const;
  const head = { event: 'A - B', home: 'A', away: 'B', sport: 'football', live: false } as const;
  const competition = { id: null, name: 'Cup', country: null };
  const record = (kickoff: string) => ({ ...odd, ...head, competition, kickoff, fetchedAt: kickoff, prices: [] });

  it('costs its own item only, and the job is partly done', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.seed(job, 'extract', seeds.slice(0, 2), MAX_AGE);
    await jobs.settle(job, 'extract', [
      { key: 'a', outcome: 'done', records: [record('2026-12-05T15:00:00.000Z')] },
      { key: 'b', outcome: 'done', records: [record('-271000-01-01T00:00:00.000Z')] },
    ]);
    await jobs.endAttempt(job, aResult('completed'));
    expect(await rows(sql`select status, failure_kind, items_done, items_failed from jobs`)).toEqual([
      { status: 'partial', failure_kind: 'drifted', items_done: 1, items_failed: 1 },
    ]);
    expect(await rows(sql`select item_key, kind from failures`)).toEqual([{ item_key: 'b', kind: 'drifted' }]);
  });
});

describe('an attempt that failed for a passing reason', () => {
  const timeout = aFailure('bet9ja', 'unreachable', { retryable: true });

  it('is followed by another, later, with the reason kept and a wake-up for it', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    await jobs.endAttempt(await house.take(), aResult('partial', timeout));
    expect(
      await rows(sql`select status, attempt, failure_kind, next_attempt_at is not null as planned from jobs`),
    ).toEqual([{ status: 'waiting', attempt: 1, failure_kind: 'unreachable', planned: true }]);
    expect(await rows(sql`select status from runs`)).toEqual([{ status: 'running' }]);
    const taken = await house.take();
    expect(taken).toMatchObject({ attempt: 2, takenOver: false });
    await jobs.endAttempt(taken, aResult('partial', timeout));
    expect(await rows(sql`select status, failure_kind from jobs`)).toEqual([
      { status: 'partial', failure_kind: 'unreachable' },
    ]);
  });

  it('is not taken before its time', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const limited = aFailure('bet9ja', 'rate_limited', { retryable: true, until });
    await jobs.endAttempt(await house.take(), aResult('failed', limited));
    expect(await jobs.claim('another')).toBeNull();
  });
});

describe('a job that delivered in its first attempt and nothing in its second', () => {
  it('is partly done, not failed', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const first = await house.take();
    await jobs.seed(first, 'extract', seeds, MAX_AGE);
    await jobs.settle(first, 'extract', done('a'));
    await jobs.endAttempt(first, aResult('partial', aFailure('bet9ja', 'unreachable', { retryable: true })));
    await jobs.endAttempt(await house.take(), aResult('failed', aFailure('bet9ja', 'blocked')));
    expect(await rows(sql`select status, failure_kind from jobs`)).toEqual([
      { status: 'partial', failure_kind: 'blocked' },
    ]);
  });
});

describe('a worker that is told to stop', () => {
  it('gives its job back, to be continued by anybody at once', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.stepStarted(job, 'discover');
    await jobs.release(job);
    expect(await house.take()).toMatchObject({ id: job.id, attempt: 1, takenOver: false });
    expect(await rows(sql`select status, error_kind from steps`)).toEqual([
      { status: 'failed', error_kind: 'interrupted' },
    ]);
  });
});
