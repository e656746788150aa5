import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readChain } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, aResult, anIntent, openHouse } from '../helpers/house.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
const blocked = { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) };

afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

async function run(ends: Parameters<typeof house.workAll>[0] = blocked): Promise<void> {
  await house.runs.start(anIntent(), ['bet9ja']);
  await house.workAll(ends);
}

/** bet9ja has failed five times in a row, and is left alone. */
async function isLeftAlone(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await run();
}

async function terms(): Promise<Record<string, unknown>[]> {
  const rows = await db.execute(sql`select platform, failures, failure_kind as kind, opened_run, probes,
    round(extract(epoch from next_probe_at - now()) / 60)::int as minutes, closed_run from breaker_terms order by id`);
  return [...rows];
}

async function jobs(from = 6): Promise<string[]> {
  const rows = await db.execute<{ is: string }>(sql`
    select platform || ' ' || status || coalesce(' ' || failure_kind, '') as is from jobs where run_id >= ${from} order by id`);
  return rows.map((row) => row.is);
}

describe('a platform that fails again and again', () => {
  it('is left alone after five failed jobs: runs go on without it', async () => {
    for (let count = 0; count < 4; count += 1) await run();
    expect(await terms()).toEqual([]);
    await run();
    expect(await terms()).toEqual([
      { platform: 'bet9ja', failures: 5, kind: 'blocked', opened_run: 5, probes: 0, minutes: 30, closed_run: null },
    ]);
    await house.runs.start(anIntent(), []);
    await house.workAll();
    expect(await jobs()).toEqual(['sportybet completed', 'bet9ja skipped left_alone', 'betpawa completed']);
    expect((await readChain(db, 6))?.breakers).toMatchObject([{ openedRun: 5, failures: 5 }]);
    expect(await db.execute(sql`select status from runs where id = 6`)).toEqual([{ status: 'partial' }]);
  });

  it('counts anew after whatever it delivers, and does not count what says nothing about the site', async () => {
    for (let count = 0; count < 4; count += 1) await run();
    await run({ bet9ja: aResult('partial', aFailure('bet9ja', 'blocked')) });
    for (let count = 0; count < 4; count += 1) await run();
    for (let count = 0; count < 6; count += 1)
      await run({ bet9ja: aResult('failed', aFailure('bet9ja', 'rate_limited')) });
    expect(await terms()).toEqual([]);
    await run();
    expect(await terms()).toMatchObject([{ failures: 5 }]);
  });

  it('is probed by the next run when its time has come, and left alone for longer when that fails', async () => {
    await isLeftAlone();
    await db.execute(sql`update breaker_terms set next_probe_at = now()`);
    await house.runs.start(anIntent(), ['bet9ja']);
    const probe = await house.take('bet9ja');
    expect(probe.probe).toBe(true);
    await house.jobs.endAttempt(probe, blocked.bet9ja);
    expect(await terms()).toMatchObject([{ failures: 6, probes: 1, minutes: 60 }]);
    await run();
    expect(await jobs(7)).toEqual(['bet9ja skipped left_alone']);
  });

  it('is as others again when a probe delivers', async () => {
    await isLeftAlone();
    await db.execute(sql`update breaker_terms set next_probe_at = now()`);
    await run({});
    expect(await terms()).toMatchObject([{ closed_run: 6 }]);
    await house.runs.start(anIntent(), ['bet9ja']);
    expect((await house.take('bet9ja')).probe).toBe(false);
  });

  it('is tried at once for somebody who wants it tried, or presses its retry', async () => {
    await isLeftAlone();
    expect(await house.runs.tryNow(anIntent(), 'sportybet')).toEqual({ kind: 'not_left_alone', platform: 'sportybet' });
    expect(await house.runs.tryNow(anIntent(), 'bet9a')).toMatchObject({ kind: 'unknown_platform', nearest: 'bet9ja' });
    expect(await house.runs.tryNow(anIntent(), 'bet9ja')).toEqual({ kind: 'started', runId: 6, platform: 'bet9ja' });
    await house.workAll(blocked);
    expect(await jobs()).toEqual(['bet9ja failed blocked']);
    expect(await terms()).toMatchObject([{ probes: 1, minutes: 60 }]);
    const retry = await house.runs.retry(anIntent(), { run: 6, platforms: ['bet9ja'], pressed: true });
    expect(retry).toMatchObject({ kind: 'started', runId: 7 });
    await house.workAll();
    expect(await jobs(7)).toEqual(['bet9ja completed']);
    expect(await terms()).toMatchObject([{ closed_run: 7 }]);
  });

  it('is left alone once, whoever ends its jobs at the same time', async () => {
    for (let count = 0; count < 4; count += 1) await run();
    await house.runs.start(anIntent(), ['bet9ja']);
    const fifth = await house.take('bet9ja');
    await using other = await openHouse(url);
    const ends = [house, other].map((one) => one.jobs.endAttempt(fifth, blocked.bet9ja).catch(() => 'lost'));
    expect((await Promise.all(ends)).filter((end) => end === 'lost')).toHaveLength(1);
    expect(await terms()).toHaveLength(1);
  });
});
