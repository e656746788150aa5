import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { announce, insertRun } from '#db/runs.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { ada, aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db, runs } = house;
afterAll(() => house[Symbol.asyncDispose]());

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

async function countOf(table: string): Promise<number> {
  const [row] = await rows(sql`select count(*)::int as n from ${sql.raw(table)}`);
  return Number(row?.['n']);
}

beforeEach(async () => {
  await house.workAll();
  await emptyHouse(db);
});

const bet9jaBlocked = { bet9ja: aResult('partial', aFailure('bet9ja', 'blocked')) };

async function aBrokenRun(): Promise<void> {
  await runs.start(anIntent(), []);
  await house.workAll(bet9jaBlocked);
}

describe('starting a run', () => {
  it('writes the action, the run, its jobs and their wake-ups together', async () => {
    const answer = await runs.start(anIntent(), []);
    expect(answer).toEqual({ kind: 'started', runId: 1, platforms: ['sportybet', 'bet9ja', 'betpawa'] });
    expect(await countOf('jobs')).toBe(3);
    expect(await countOf('pgboss.job')).toBe(3);
    expect(await rows(sql`select outcome, run_id from actions`)).toEqual([{ outcome: 'started', run_id: 1 }]);
    expect(await rows(sql`select status, trigger, root_id, retry_of from runs`)).toEqual([
      { status: 'pending', trigger: 'console', root_id: 1, retry_of: null },
    ]);
  });

  it('leaves neither run nor job nor wake-up when its transaction is rolled back', async () => {
    const broken = db.transaction(async (tx) => {
      const run = await insertRun(tx, {
        trigger: 'console',
        triggerKey: 'console:rolled-back',
        retryOf: null,
        rootId: null,
        requestedBy: ada,
        homeSurface: 'console',
        jobs: [{ platform: 'bet9ja', retryNumber: 0, fromStep: 'discover', sourceJobId: null }],
      });
      await house.queue.enqueue(tx, run.jobIds);
      await announce(tx, run.runId);
      throw new Error('the power went out');
    });
    await expect(broken).rejects.toThrow('the power went out');
    expect([await countOf('runs'), await countOf('jobs'), await countOf('pgboss.job')]).toEqual([0, 0, 0]);
  });

  it('makes one run of the same request delivered many times at once, and answers each the same', async () => {
    const intent = anIntent();
    const answers = await Promise.all(Array.from({ length: 8 }, () => runs.start(intent, ['bet9ja'])));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect([await countOf('runs'), await countOf('jobs'), await countOf('pgboss.job')]).toEqual([1, 1, 1]);
  });

  it('refuses a platform it does not know, and writes nothing but the action', async () => {
    const answer = await runs.start(anIntent(), ["A';drop table runs"]);
    expect(answer).toMatchObject({ kind: 'refused', reason: { kind: 'unknown_platform' } });
    expect(await rows(sql`select outcome, run_id from actions`)).toEqual([
      { outcome: 'refused:unknown_platform', run_id: null },
    ]);
    expect(await countOf('runs')).toBe(0);
  });
});

describe('retrying', () => {
  it('starts a linked run of what failed, and leaves the first run as it was', async () => {
    await aBrokenRun();
    const before = await rows(sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id order by j.id`);
    const answer = await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    expect(answer).toMatchObject({
      kind: 'started',
      runId: 2,
      rootId: 1,
      parts: [{ platform: 'bet9ja', retryNumber: 1 }],
    });
    expect(await rows(sql`select trigger, retry_of, root_id, platforms from runs where id = 2`)).toEqual([
      { trigger: 'retry:1', retry_of: 1, root_id: 1, platforms: ['bet9ja'] },
    ]);
    await house.workAll();
    const after = await rows(
      sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id where r.id = 1 order by j.id`,
    );
    expect(after).toEqual(before);
  });

  it('takes the newest run when none is named', async () => {
    await aBrokenRun();
    expect(await runs.retry(anIntent(), { run: null, platforms: [], pressed: false })).toMatchObject({ runId: 2 });
  });

  it('makes one run of two presses at the same moment from two processes', async () => {
    await aBrokenRun();
    await using other = await openHouse(url);
    const press = { run: 1, platforms: ['bet9ja'], pressed: true };
    const answers = await Promise.all([
      runs.retry(anIntent(), press),
      other.runs.retry(anIntent({ actor: { surface: 'discord', id: '7', name: 'Grace' } }), press),
    ]);
    expect(answers.map((answer) => answer.kind).sort()).toEqual(['refused', 'started']);
    expect(answers.find((answer) => answer.kind === 'refused')).toMatchObject({
      reasons: [{ kind: 'being_retried', platform: 'bet9ja', run: 2 }],
    });
    expect(await countOf('runs')).toBe(2);
  });

  it('is refused for the fourth time, with the reason', async () => {
    await aBrokenRun();
    for (const number of [1, 2, 3]) {
      expect(await runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false })).toMatchObject({
        kind: 'started',
        parts: [{ retryNumber: number }],
      });
      await house.workAll(bet9jaBlocked);
    }
    expect(await runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false })).toEqual({
      kind: 'refused',
      reasons: [{ kind: 'retries_used', platform: 'bet9ja', run: 1, limit: 3 }],
    });
    expect(await countOf('runs')).toBe(4);
  });

  const refusals: [string, () => Promise<void>, { run: number | null; platforms: string[] }, string][] = [
    ['of a run that does not exist', async () => {}, { run: 999, platforms: [] }, 'unknown_run'],
    ['when there is no run at all', async () => {}, { run: null, platforms: [] }, 'no_run'],
    ['of a platform nobody knows', aBrokenRun, { run: 1, platforms: ['betking'] }, 'unknown_platform'],
    [
      'while the run runs',
      async () => void (await runs.start(anIntent(), [])),
      { run: 1, platforms: [] },
      'still_running',
    ],
    [
      'when nothing failed',
      async () => {
        await runs.start(anIntent(), []);
        await house.workAll();
      },
      { run: 1, platforms: [] },
      'nothing_failed',
    ],
  ];
  for (const [when, given, request, reason] of refusals) {
    it(`is refused ${when}, and writes nothing but the action`, async () => {
      await given();
      const before = await countOf('runs');
      const answer = await runs.retry(anIntent(), { ...request, pressed: false });
      expect(answer).toMatchObject({ kind: 'refused', reasons: [{ kind: reason }] });
      expect(await countOf('runs')).toBe(before);
      expect(await rows(sql`select outcome from actions order by at desc limit 1`)).toEqual([
        { outcome: `refused:${reason}` },
      ]);
    });
  }
});

describe('what has ended', () => {
  it('cannot be changed any more, not even by a mistake of ours', async () => {
    await aBrokenRun();
    const change = (query: ReturnType<typeof sql>) =>
      db.execute(query).then(
        () => 'changed',
        (error: { cause?: { code?: string } }) => error.cause?.code,
      );
    expect(await change(sql`update runs set note = 'x' where id = 1`)).toBe('23001');
    expect(await change(sql`update jobs set items_done = 0 where run_id = 1`)).toBe('23001');
  });
});
