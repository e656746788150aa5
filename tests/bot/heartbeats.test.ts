import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHeartbeats, type Heartbeats } from '#bot/heartbeats.ts';
import { createLog } from '#bot/log.ts';
import type { Lease } from '#db/beat.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { anIntent, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db, runs } = house;
let beats: Heartbeats | null = null;
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));
afterEach(async () => {
  await beats?.stop();
  beats = null;
});

function start(
  more: { trustMs?: number; wordMs?: number; onLost?: (lost: readonly Lease[]) => void } = {},
): Heartbeats {
  const log = createLog('silent', 'test');
  beats = startHeartbeats({ databaseUrl: url, onLost: () => {}, log, beatMs: 50, ...more });
  return beats;
}

/** Nothing at all happens in this thread for so long, as when it is busy with one thing. */
function blockFor(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function age(): Promise<number> {
  const rows = await db.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp() - heartbeat_at) * 1000)::float8 as ms from jobs`,
  );
  return rows[0]?.ms ?? Infinity;
}

/** The last heartbeat is as old as this, as if the worker had been silent. */
async function silentFor(seconds: number): Promise<void> {
  await db.execute(sql`update jobs set heartbeat_at = now() - ${seconds} * interval '1 second'`);
}

describe('a worker', () => {
  it('lives on while its main loop is blocked', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    start().hold([await house.take()]);
    await expect.poll(age).toBeLessThan(1_000);
    await silentFor(3_600);
    blockFor(3_000);
    // What is read first after the block was written during it.
    expect(await age()).toBeLessThan(2_900);
  });

  it('counts as dead when its main loop was not heard of for too long, and lives again when it is', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    const worker = start({ trustMs: 100, wordMs: 3_600_000 });
    worker.hold([job]);
    await expect.poll(age).toBeLessThan(1_000);
    const later = async () => {
      // A beat may be under way that began before.
      await silentFor(3_600);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return age();
    };
    await expect.poll(later).toBeGreaterThan(3_000_000);
    worker.hold([job]);
    await expect.poll(age).toBeLessThan(1_000);
  });

  it('hears of the leases it has no more, and of no other', async () => {
    await runs.start(anIntent(), ['bet9ja', 'betpawa']);
    const [mine, taken] = [await house.take(), await house.take()];
    await db.execute(sql`update jobs set lease = lease + 1 where id = ${taken.id}`);
    const lost: Lease[] = [];
    start({ onLost: (leases) => void lost.push(...leases) }).hold([mine, taken]);
    await expect.poll(() => lost.map(({ id }) => id)).toContain(taken.id);
    expect(lost.map(({ id }) => id)).not.toContain(mine.id);
  });

  it('beats for what it holds now, and for nothing it has ended', async () => {
    await runs.start(anIntent(), ['bet9ja', 'betpawa']);
    const [first, second] = [await house.take(), await house.take()];
    const worker = start();
    worker.hold([first, second]);
    worker.hold([second]);
    const young = async () => {
      // A beat may be under way that began before.
      await silentFor(3_600);
      await new Promise((resolve) => setTimeout(resolve, 200));
      return db.execute(sql`select id from jobs where heartbeat_at > now() - interval '1 minute'`);
    };
    await expect.poll(young).toEqual([{ id: second.id }]);
  });
});
