import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEvidenceService } from '#bot/evidence-service.ts';
import { createLog } from '#bot/log.ts';
import { startRunWorker } from '#bot/run-worker.ts';
import { sql } from '#db/drizzle.ts';
import { hostPausesIn } from '#db/host-pauses.ts';
import { createFileStore, type Platform } from '#scraper/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { anIntent, openHouse, toyPlatform } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db, runs, jobs } = house;
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

/** A platform that stores its first two items and then sits in the third until it is told to stop. */
function sitting(id: string): Platform & { stopped: () => boolean } {
  let stopped = false;
  return {
    ...toyPlatform(id),
    stopped: () => stopped,
    steps: [
      {
        kind: 'discover',
        name: 'discover',
        feeds: 'extract',
        async *discover() {
          yield ['a', 'b', 'c'].map((key, priority) => ({ key, priority, payload: {} }));
        },
      },
      {
        kind: 'items',
        name: 'extract',
        work: async (item, { signal }) => {
          if (item.key === 'c') await untilAborted(signal).then(() => (stopped = true));
          return [];
        },
      },
    ],
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

describe('a worker whose run is cancelled', () => {
  it('hears of it without waiting for its next heartbeat, stops, and takes the next job', async () => {
    const platform = sitting('bet9ja');
    // Neither heartbeats nor sweeps come by themselves: what stops the job is the word that was sent.
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const worker = await startRunWorker({
      jobs,
      pauses: hostPausesIn(db),
      evidence: createEvidenceService(house.database, { hours: 0, perPlatform: 1 }),
      files: createFileStore(join(tmpdir(), 'rescrape-no-files')),
      database: house.database,
      queue: house.queue,
      findPlatform: (id) => (id === 'bet9ja' ? platform : sitting(id)),
      baseUrls: {},
      proxyUrls: {},
      slots: 1,
      beatMs: 3_600_000,
      owner: 'a worker',
      log: createLog('silent', 'test'),
    }).finally(() => vi.useRealTimers());
    const answer = await runs.start(anIntent(), ['bet9ja']);
    if (answer.kind !== 'started') throw new Error('nothing was started');
    const stored = () => db.execute(sql`select 1 from work_items where status = 'done'`);
    await expect.poll(async () => (await stored()).length).toBe(2);
    await house.cancel(anIntent(), answer.runId);
    await expect.poll(() => platform.stopped()).toBe(true);
    await runs.start(anIntent(), ['betpawa']);
    await expect
      .poll(async () => [...(await db.execute(sql`select platform, status from jobs order by id`))])
      .toEqual([
        { platform: 'bet9ja', status: 'cancelled' },
        { platform: 'betpawa', status: 'running' },
      ]);
    expect(await stored()).not.toHaveLength(0);
    await worker.stop(0);
  });
});
