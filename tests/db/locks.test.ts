import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { lockRoot } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { cancelJobs } from '#db/jobs.ts';
import { claimPost } from '#db/posts.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { anIntent, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase({
  breaks: {
    'run-ends-with-its-last-job': 'jobs are cancelled here without their run',
    'cancelled-by-somebody': 'by nobody, to see what is locked',
  },
});
const house = await openHouse(url);
const { db, runs, take } = house;
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

const lockJob = (id: number) => sql`select 1 from jobs where id = ${id} for no key update nowait`;
const waiting = async () =>
  (await db.execute(sql`select 1 from pg_locks where not granted and pid <> pg_backend_pid()`)).length;

describe('locks', () => {
  it('let a post of a run be claimed while somebody decides about its chain', async () => {
    await runs.start(anIntent(), []);
    await db.transaction(async (tx) => {
      await lockRoot(tx, 1);
      const post = { runId: 1, slot: 'card', announced: false };
      const claimed = claimPost(db, { surface: 'slack', channel: 'C0RUNS' }, post).then(() => 'claimed');
      await expect.poll(async () => Promise.race([claimed, tick()])).toBe('claimed');
    });
  });

  it.each([
    ['a heartbeat', (ids: number[]) => house.beat(...ids.map((id) => ({ id, lease: 1 })).toReversed())],
    ['a cancellation', () => db.transaction((tx) => cancelJobs(tx, 1))],
  ])('are taken by %s in the order of the jobs, so that no two wait for each other', async (_who, lock) => {
    await runs.start(anIntent(), []);
    const held = [await take(), await take(), await take()];
    const ids = held.map((job) => job.id);
    const [first = 0, ...others] = ids;
    // As rows lie on the disk, the first comes last.
    for (const status of ['pending', 'running']) {
      await db.execute(sql`update jobs set status = ${status} where id = ${first}`);
    }
    let locking: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await tx.execute(lockJob(first));
      locking = lock(ids);
      await expect.poll(waiting).toBeGreaterThan(0);
      for (const id of others) await tx.execute(lockJob(id));
    });
    await locking;
  });
});

const tick = () => new Promise((resolve) => setTimeout(resolve, 10, 'waiting'));
