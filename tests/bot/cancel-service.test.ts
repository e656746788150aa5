import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LeaseLost } from '#db/jobs.ts';
import { sql } from '#db/drizzle.ts';
import type { ItemResult } from '#scraper/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { ada, aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url, { policy: { attempts: 2, baseMs: 60_000, capMs: 60_000 } });
const { db, runs, jobs, cancel } = house;
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

const grace = { surface: 'discord', id: '77', name: 'Grace' };
const MAX_AGE = 600_000;
const seeds = ['a', 'b', 'c', 'd'].map((key, priority) => ({ key, priority, payload: { key } }));

function done(...keys: string[]): ItemResult[] {
  return keys.map((key) => ({ key, outcome: 'done', records: [] }));
}

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

const jobRows = () => rows(sql`select platform, status, items_done from jobs order by id`);
const runRow = async (id: number) => (await rows(sql`select status, cancelled_by from runs where id = ${id}`))[0];

/** Run 1: sportybet is complete, bet9ja works and has stored two of four, betpawa has not begun. */
async function aWorkingRun() {
  await runs.start(anIntent(), []);
  await jobs.endAttempt(await house.take('sportybet'), aResult('completed'));
  const job = await house.take('bet9ja');
  await jobs.stepStarted(job, 'extract');
  await jobs.seed(job, 'extract', seeds, MAX_AGE);
  await jobs.settle(job, 'extract', done('a', 'b'));
  return job;
}

describe('cancelling a run', () => {
  it('ends every unfinished platform at once, keeps what has ended, and says who did it', async () => {
    await aWorkingRun();
    expect(await cancel(anIntent({ actor: grace }), 1)).toEqual({
      kind: 'cancelled',
      run: 1,
      stopped: ['bet9ja'],
      notBegun: ['betpawa'],
    });
    expect(await jobRows()).toEqual([
      { platform: 'sportybet', status: 'completed', items_done: 0 },
      { platform: 'bet9ja', status: 'cancelled', items_done: 2 },
      { platform: 'betpawa', status: 'cancelled', items_done: 0 },
    ]);
    expect(await runRow(1)).toEqual({ status: 'partial', cancelled_by: grace });
    expect(await rows(sql`select name, status, error_kind from steps`)).toEqual([
      { name: 'extract', status: 'failed', error_kind: 'cancelled' },
    ]);
    expect(await rows(sql`select actor, args, outcome, run_id from actions where name = 'cancel'`)).toEqual([
      { actor: grace, args: { run: 1 }, outcome: 'done', run_id: 1 },
    ]);
  });

  it('makes it cancelled when nothing of it had come to an end', async () => {
    await runs.start(anIntent(), ['bet9ja', 'betpawa']);
    await house.take('bet9ja');
    await cancel(anIntent(), 1);
    expect(await runRow(1)).toEqual({ status: 'cancelled', cancelled_by: ada });
    expect(await jobs.claim('a worker')).toBeNull();
  });

  it('ends what waits for another attempt', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const unreachable = aFailure('bet9ja', 'unreachable', { retryable: true });
    await jobs.endAttempt(await house.take(), aResult('failed', unreachable));
    expect(await jobRows()).toMatchObject([{ status: 'waiting' }]);
    expect(await cancel(anIntent(), 1)).toMatchObject({ stopped: ['bet9ja'] });
    expect(await runRow(1)).toMatchObject({ status: 'cancelled' });
  });

  it('takes the job from its worker: nothing it still sends changes anything', async () => {
    const job = await aWorkingRun();
    await cancel(anIntent(), 1);
    const before = await rows(sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id order by j.id`);
    expect(await house.beat(job)).toEqual(new Set());
    const late = [
      () => jobs.settle(job, 'extract', done('c')),
      () => jobs.failed(job, [aFailure('bet9ja', 'blocked')]),
      () => jobs.endAttempt(job, aResult('completed')),
      () => jobs.release(job),
    ];
    for (const one of late) await expect(one()).rejects.toBeInstanceOf(LeaseLost);
    expect(await rows(sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id order by j.id`)).toEqual(before);
    expect(await rows(sql`select status, count(*)::int as n from work_items group by 1 order by 1`)).toEqual([
      { status: 'done', n: 2 },
      { status: 'pending', n: 2 },
    ]);
    expect(await rows(sql`select 1 from failures`)).toEqual([]);
  });

  it('can be retried: only what is missing is asked for, and the retry that was cancelled is not used up', async () => {
    const job = await aWorkingRun();
    await jobs.stepFinished(
      job,
      { name: 'discover', status: 'success', itemsTotal: 4, itemsDone: 4, itemsFailed: 0, counts: {}, failure: null },
      true,
    );
    await cancel(anIntent(), 1);
    for (const id of [2, 3]) {
      const answer = await runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false });
      expect(answer).toMatchObject({ runId: id, parts: [{ retryNumber: 1, fromStep: 'extract', kept: 2, total: 4 }] });
      expect(await jobs.pending(await house.take('bet9ja'), 'extract')).toMatchObject([{ key: 'c' }, { key: 'd' }]);
      await cancel(anIntent(), id);
    }
    expect(await rows(sql`select retry_number, status from jobs where platform = 'bet9ja' order by id`)).toEqual([
      { retry_number: 0, status: 'cancelled' },
      { retry_number: 1, status: 'cancelled' },
      { retry_number: 1, status: 'cancelled' },
    ]);
  });

  it('is refused for a run that has ended or that nobody knows, and written down all the same', async () => {
    await runs.start(anIntent(), ['sportybet']);
    await house.workAll();
    expect(await cancel(anIntent(), 1)).toMatchObject({ reason: { kind: 'already_ended', status: 'completed' } });
    expect(await cancel(anIntent(), 99)).toEqual({ kind: 'refused', reason: { kind: 'unknown_run', run: 99 } });
    expect(await rows(sql`select outcome, run_id from actions where name = 'cancel' order by at`)).toEqual([
      { outcome: 'refused:already_ended', run_id: null },
      { outcome: 'refused:unknown_run', run_id: null },
    ]);
  });

  it('is done once, however often the request comes, and by whoever was first', async () => {
    await runs.start(anIntent(), []);
    const intent = anIntent();
    const again = await Promise.all(Array.from({ length: 5 }, () => cancel(intent, 1)));
    for (const answer of again) expect(answer).toEqual(again[0]);
    expect(again[0]).toMatchObject({ kind: 'cancelled' });
    expect(await cancel(anIntent({ actor: grace }), 1)).toMatchObject({ reason: { kind: 'already_ended', by: 'Ada' } });
  });

  it('never trips workers that are taking, ending and storing at the same moment', async () => {
    await using other = await openHouse(url);
    for (let round = 1; round <= 12; round++) {
      await runs.start(anIntent(), []);
      const claims = Array.from({ length: 3 }, async () => {
        const job = await other.jobs.claim('a worker');
        if (job === null) return;
        await other.jobs
          .endAttempt(job, aResult('completed'))
          .catch((error: unknown) => expect(error).toBeInstanceOf(LeaseLost));
      });
      const [answer] = await Promise.all([cancel(anIntent(), round), ...claims]);
      const [run] = await rows(sql`select status, finished_at is not null as over from runs where id = ${round}`);
      expect(run?.['over'] === true || answer.kind === 'refused').toBe(true);
      await house.workAll();
      expect(await rows(sql`select 1 from jobs where finished_at is null`)).toEqual([]);
    }
  });
});
