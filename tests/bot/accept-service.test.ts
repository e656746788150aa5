import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createAcceptService } from '#bot/accept-service.ts';
import type { AcceptRequest } from '#bot/runs/requests.ts';
import { readChain, readLiveChains } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import type { ItemResult } from '#scraper/index.ts';
import { threadOf } from '#bot/chat/thread.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aTelling } from '../helpers/facts.ts';
import { ada, aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const expected = { minItems: 0, minOfUsual: 0.5, fields: { prices: 0.5 }, noun: { one: 'thing', many: 'things' } };
const house = await openHouse(url, { expected });
const { db, runs, jobs } = house;
const accept = createAcceptService({ database: house.database, known: ['sportybet', 'bet9ja', 'betpawa'] });
afterAll(() => house[Symbol.asyncDispose]());

beforeEach(async () => {
  await emptyHouse(db);
});

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

const record = (key: string, prices: number) => ({
  kind: 'odds' as const,
  platform: 'bet9ja',
  country: 'ng',
  eventId: key,
  sportradarId: null,
  geniusId: null,
  event: 'A - B',
  home: 'A',
  away: 'B',
  sport: 'football' as const,
  competition: { id: null, name: 'Cup', country: null },
  kickoff: '2026-12-05T15:00:00.000Z',
  live: false,
  fetchedAt: '2026-12-05T09:00:00.000Z',
  prices: Array.from({ length: prices }, (_, line) => ({
    market: 'over_under' as const,
    period: 'ft' as const,
    line: line + 0.5,
    outcome: 'over',
    price: 2,
    sourceMarketId: 'S_OU',
    sourceOutcomeId: 'O',
    sourceUpdatedAt: null,
  })),
});

/** One job of bet9ja that finds and delivers so many; `gone` of them the site no longer has. */
async function delivers(count: number, { gone = 0, prices = 1 } = {}): Promise<void> {
  const job = await house.take('bet9ja');
  const keys = Array.from({ length: count }, (_, index) => `event ${index}`);
  const seeds = keys.map((key) => ({ key, priority: 0, payload: {} }));
  await jobs.seed(job, 'extract', seeds, 600_000);
  const pending = await jobs.pending(job, 'extract');
  const results = pending.map(({ key }, index): ItemResult =>
    index < gone
      ? { key, outcome: 'gone', failure: aFailure('bet9ja', 'not_found') }
      : { key, outcome: 'done', records: [record(key, prices)] },
  );
  await jobs.settle(job, 'extract', results);
  await jobs.endAttempt(job, aResult('completed'));
}

async function aRunThatDelivers(count: number, how: Parameters<typeof delivers>[1] = {}): Promise<void> {
  await runs.start(anIntent(), ['bet9ja']);
  await delivers(count, how);
}

const newest = () => rows(sql`select status, failure_kind from jobs order by id desc limit 1`);
const ask = (given: Partial<AcceptRequest> = {}) =>
  accept(anIntent(), { run: 2, platform: 'bet9ja', why: 'international break', pressed: false, ...given });

describe('a job that delivered', () => {
  it('half of what is usual is complete; less is told apart, with the numbers', async () => {
    await aRunThatDelivers(48);
    await aRunThatDelivers(24);
    expect(await newest()).toEqual([{ status: 'completed', failure_kind: null }]);
    await aRunThatDelivers(17);
    expect(await newest()).toEqual([{ status: 'partial', failure_kind: 'dropped' }]);
    expect(await rows(sql`select kind, headline, detail from failures`)).toEqual([
      {
        kind: 'dropped',
        headline: 'bet9ja delivered far less than usual',
        detail: '17 things found, usual are 36 (the median of the last 2 good runs)',
      },
    ]);
    expect(await rows(sql`select status from runs where id = 3`)).toEqual([{ status: 'partial' }]);
  });

  it('nothing, because all it listed is gone, is empty', async () => {
    await aRunThatDelivers(12, { gone: 12 });
    expect(await newest()).toEqual([{ status: 'failed', failure_kind: 'empty' }]);
    expect(await rows(sql`select items_done, items_gone from jobs`)).toEqual([{ items_done: 12, items_gone: 12 }]);
  });

  it('events without prices is told apart by the field that is not filled', async () => {
    await aRunThatDelivers(10, { prices: 0 });
    expect(await newest()).toEqual([{ status: 'partial', failure_kind: 'dropped' }]);
    const detail = 'prices is filled in 0 of 10 things, expected are at least 50 %';
    expect(await rows(sql`select detail from failures`)).toEqual([{ detail }]);
  });

  it('far less than usual is complete after a retry that found the rest, and what it had is kept', async () => {
    await aRunThatDelivers(48);
    await aRunThatDelivers(20);
    const answer = await runs.retry(anIntent(), { run: 2, platforms: [], pressed: false });
    expect(answer).toMatchObject({ parts: [{ fromStep: 'discover', kept: 20 }] });
    await delivers(40);
    expect(await newest()).toEqual([{ status: 'completed', failure_kind: null }]);
    expect(await rows(sql`select items_total, items_kept, items_done from jobs order by id desc limit 1`)).toEqual([
      { items_total: 40, items_kept: 20, items_done: 20 },
    ]);
  });
});

describe('a doubtful result', () => {
  it('that is accepted counts as complete and as usual, and its own rows stay as they were', async () => {
    await aRunThatDelivers(48);
    await aRunThatDelivers(20);
    const before = await rows(sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id where r.id = 2`);
    expect(await ask()).toEqual({ kind: 'accepted', platform: 'bet9ja', run: 2, items: 20 });
    expect(await rows(sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id where r.id = 2`)).toEqual(before);
    const chain = await readChain(db, 2);
    if (chain === null) throw new Error('the chain is gone');
    const posts = threadOf(chain, aTelling());
    expect(posts[0]?.message).toMatchObject({ tone: 'good', title: expect.stringMatching(/1\/1 platform complete/) });
    const words = posts[1]?.message.lines.map((line) => line.text);
    expect(words).toContain('Accepted by Ada, from the console: international break');
    expect(posts[1]?.message.buttons).toEqual([]);
    await aRunThatDelivers(18);
    expect(await newest()).toEqual([{ status: 'completed', failure_kind: null }]);
  });

  it('is accepted once: the same request again is the same answer, another one reads who was first', async () => {
    await aRunThatDelivers(48);
    await aRunThatDelivers(20);
    const intent = anIntent();
    const request = { run: 2, platform: 'bet9ja', why: 'break', pressed: true };
    const [first, second] = await Promise.all([accept(intent, request), accept(intent, request)]);
    expect(second).toEqual(first);
    const crowd = await Promise.all(Array.from({ length: 5 }, () => ask()));
    expect(crowd).toEqual(
      crowd.map(() => ({
        kind: 'refused',
        reason: { kind: 'already_accepted', platform: 'bet9ja', run: 2, by: ada.name },
      })),
    );
    expect(await rows(sql`select job_id, why, actor ->> 'name' as by from acceptances`)).toEqual([
      { job_id: 2, why: 'break', by: 'Ada' },
    ]);
    const outcomes = await rows(sql`select outcome from actions where name = 'accept' order by at limit 2`);
    expect(outcomes).toEqual([{ outcome: 'done' }, { outcome: 'refused:already_accepted' }]);
  });

  it('needs a reason, and a run', async () => {
    expect(await ask({ run: null })).toEqual({ kind: 'refused', reason: { kind: 'no_run' } });
    await aRunThatDelivers(48);
    await aRunThatDelivers(20);
    expect(await ask({ why: '' })).toMatchObject({ reason: { kind: 'no_reason' } });
    expect(await ask({ run: 99 })).toMatchObject({ reason: { kind: 'unknown_run' } });
    expect(await rows(sql`select 1 from acceptances`)).toEqual([]);
  });

  it('is told again to whoever missed the announcement, however long ago the run ended', async () => {
    await aRunThatDelivers(48);
    await aRunThatDelivers(20);
    const [now] = await rows(sql`select to_jsonb(now()) #>> '{}' as now`);
    await ask();
    const live = await readLiveChains(db, new Date(String(now?.['now'])));
    expect(live.map((chain) => chain.rootId)).toEqual([2]);
  });

  it('cannot be taken back or rewritten', async () => {
    await aRunThatDelivers(48);
    await aRunThatDelivers(20);
    await ask();
    const final = { code: '23001' };
    await expect(db.execute(sql`update acceptances set why = 'x'`)).rejects.toMatchObject({ cause: final });
    await expect(db.execute(sql`delete from acceptances`)).rejects.toMatchObject({ cause: final });
  });
});
