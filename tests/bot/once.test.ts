import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { TooLate } from '#bot/once.ts';
import { lockRoot } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

const retry = { run: 1, platforms: ['bet9ja'], pressed: true };

async function count(table: 'runs' | 'actions'): Promise<number> {
  return (await db.execute(sql`select 1 from ${sql.identifier(table)}`)).length;
}

/** Holds a chain's lock, so that nothing can be decided about it, until the work is done. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    await lockRoot(tx, 1);
    await work();
  });
}

describe('a request that cannot be written down in its time', () => {
  beforeEach(async () => {
    await house.runs.start(anIntent(), []);
    await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
  });

  it('is given up then, and starts nothing afterwards either', async () => {
    const intent = anIntent();
    await whileLocked(async () => {
      const late = house.runs.retry({ ...intent, until: performance.now() + 100 }, retry);
      await expect(late).rejects.toThrow(TooLate);
    });
    // Whoever comes next waits for the lock behind the one that was given up, and finds nothing of it.
    await expect(house.runs.retry(anIntent(), retry)).resolves.toMatchObject({ kind: 'started', runId: 2 });
    expect(await count('runs')).toBe(2);
    expect(await count('actions')).toBe(2);
  });

  it('may be asked again under the same id, and is done then', async () => {
    const intent = anIntent();
    await whileLocked(async () => {
      await expect(house.runs.retry({ ...intent, until: performance.now() }, retry)).rejects.toThrow(TooLate);
    });
    await expect(house.runs.retry(intent, retry)).resolves.toMatchObject({ kind: 'started', runId: 2 });
  });

  it('waits as long as it takes without a limit', async () => {
    let retried: Promise<unknown> = Promise.resolve();
    await whileLocked(async () => {
      retried = house.runs.retry(anIntent(), retry);
      await db.execute(sql`select pg_sleep(0.1)`);
    });
    await expect(retried).resolves.toMatchObject({ kind: 'started', runId: 2 });
  });
});

describe('many who press one button at once', () => {
  beforeEach(async () => {
    await house.runs.start(anIntent(), []);
    await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
  });

  it('make one retry run, and each is answered and written down', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, () => house.runs.retry(anIntent(), retry)));
    expect(answers.filter((answer) => answer.kind === 'started')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'refused')).toHaveLength(499);
    expect(await count('runs')).toBe(2);
    expect(await count('actions')).toBe(501);
  });

  it('are refused without waiting for whoever decides about the same chain', async () => {
    await whileLocked(async () => {
      const refused = await house.runs.retry(anIntent(), { ...retry, platforms: ['sportybet'] });
      expect(refused).toMatchObject({ kind: 'refused', reasons: [{ kind: 'not_failed' }] });
    });
  });
});
