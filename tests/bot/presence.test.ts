import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Surface } from '#bot/chat/surface.ts';
import { createLog } from '#bot/log.ts';
import { watchPresence } from '#bot/presence.ts';
import type { Message } from '#bot/chat/message.ts';
import { noteLink } from '#db/links.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aTelling } from '../helpers/facts.ts';
import { aResult, anIntent, openHouse } from '../helpers/house.ts';
import { recordingSurface } from '../helpers/recording-surface.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
let stop = new AbortController();
let watching: Promise<void> = Promise.resolve();
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(async () => {
  await emptyHouse(db);
  await db.execute(sql`delete from schedule_slots`);
  await db.execute(sql`delete from schedules`);
});
afterEach(async () => {
  stop.abort();
  await watching;
  stop = new AbortController();
});

/** Somebody speaks from now on. */
function speak(surfaces: readonly Surface[] = [recordingSurface('console')]): void {
  watching = watchPresence(
    {
      database: house.database,
      queue: house.queue,
      surfaces,
      terms: () => ({ maxAgeMs: 600_000, firstStep: 'discover', itemStep: 'extract' }),
      timing: { graceMs: 45_000, stableMs: 30_000 },
      maxRunAgeDays: 7,
      maxRunHours: 24,
      telling: (now) => aTelling({ now }),
      handoverMs: 300,
      lookMs: 100,
      log: createLog('silent', 'test'),
    },
    stop.signal,
  );
}

/** The last one who spoke did so this long ago. */
async function silentFor(minutes: number): Promise<void> {
  await noteLink(db, 'console', true, 0);
  await db.execute(sql`update surface_links set looked_at = now() - ${minutes} * interval '1 minute'`);
}

async function said(): Promise<string[]> {
  const rows = await db.execute<{ message: Message }>(sql`select message from notices order by at`);
  return rows.map(({ message }) => [message.title, ...message.lines.map((line) => line.text)].join('\n'));
}

/** Whatever the time is, at midnight as well. */
function timeless(text = ''): string {
  return text.replace(/(?:\d+ \w{3} )?\d\d:\d\d/g, '<time>');
}

/** A schedule with these minutes ago missed, and one that was caught up. */
async function missed(name: string, ...minutesAgo: number[]): Promise<void> {
  await db.execute(
    sql`insert into schedules (name, cron, zone) values (${name}, '0 * * * *', 'UTC') on conflict do nothing`,
  );
  for (const ago of minutesAgo) {
    await db.execute(sql`insert into schedule_slots (schedule, slot, outcome)
      values (${name}, date_trunc('minute', now()) - ${ago} * interval '1 minute', 'skipped_missed')`);
  }
}

describe('whoever speaks after nobody did', () => {
  it('says once what goes on, what was closed, what was missed', async () => {
    await house.runs.start(anIntent(), ['bet9ja']);
    await house.runs.start(anIntent(), ['bet9ja']);
    await db.execute(sql`update runs set created_at = now() - interval '25 hours' where id = 1`);
    await db.execute(sql`update runs set created_at = now() - interval '1 hour' where id = 2`);
    await missed('nightly', 4, 8);
    await silentFor(10);
    speak();
    await expect.poll(said).toHaveLength(1);
    expect(timeless((await said())[0])).toBe(
      'Rescrape was away for 10 min, from <time> to <time>\nRun 2 goes on\nRun 1 was too old to go on and is closed\nnightly was missed 2 times, from <time> to <time>',
    );
    stop.abort();
    await watching;
    stop = new AbortController();
    speak();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await said()).toHaveLength(1);
  });

  it('says nothing after a short absence, and nothing when nothing happened', async () => {
    await house.runs.start(anIntent(), ['bet9ja']);
    await db.execute(sql`update runs set created_at = now() - interval '1 hour'`);
    await silentFor(0.9);
    speak();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await said()).toEqual([]);
    stop.abort();
    await watching;
    stop = new AbortController();
    await emptyHouse(db);
    await silentFor(30);
    speak();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await said()).toEqual([]);
  });
});

describe('whoever speaks', () => {
  it('tells a time that was missed meanwhile, once, and the run that catches up', async () => {
    speak();
    await expect.poll(() => db.execute(sql`select 1 from surface_links`)).toHaveLength(1);
    await db.execute(sql`insert into schedules (name, cron, zone) values ('hourly', '0 * * * *', 'UTC')`);
    await db.execute(
      sql`insert into schedule_slots (schedule, slot, outcome) values ('hourly', now(), 'skipped_missed')`,
    );
    await expect.poll(said).toHaveLength(1);
    expect(timeless((await said())[0])).toContain(
      'A scheduled run was not started in time\nhourly was missed at <time>\n',
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await said()).toHaveLength(1);
  });

  it('closes runs that are too old and that no worker is at, with the reason; what is stored stays', async () => {
    await house.runs.start(anIntent(), ['sportybet', 'bet9ja', 'betpawa']);
    await house.runs.start(anIntent(), ['sportybet']);
    const [done, held] = [await house.take('sportybet'), await house.take('bet9ja')];
    await house.jobs.endAttempt(done, aResult('completed'));
    await db.execute(sql`update runs set created_at = now() - interval '25 hours' where id = 1`);
    speak();
    await new Promise((resolve) => setTimeout(resolve, 500));
    // A worker is at it.
    expect(await db.execute(sql`select 1 from runs where finished_at is null`)).toHaveLength(2);
    await db.execute(sql`update jobs set heartbeat_at = now() - interval '1 minute' where id = ${held.id}`);
    await expect.poll(() => db.execute(sql`select status from runs where id = 1`)).toEqual([{ status: 'partial' }]);
    const jobs = await db.execute(sql`select status, failure_kind from jobs where run_id = 1 order by id`);
    expect([...jobs]).toEqual([
      { status: 'completed', failure_kind: null },
      { status: 'failed', failure_kind: 'interrupted' },
      { status: 'failed', failure_kind: 'interrupted' },
    ]);
    const [failure] = await db.execute(sql`select detail from failures limit 1`);
    expect(failure).toEqual({ detail: 'the run was not over after 24 hours, and no worker was at it' });
    await expect(house.jobs.endAttempt(held, aResult('completed'))).rejects.toThrow(/lease/);
    const retry = await house.runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: true });
    expect(retry).toMatchObject({ kind: 'started' });
  });
});
