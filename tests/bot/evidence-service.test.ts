import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createEvidenceService } from '#bot/evidence-service.ts';
import { keptAnswer } from '#db/evidence.ts';
import { LeaseLost } from '#db/jobs.ts';
import { sql } from '#db/drizzle.ts';
import { evidenceOf, evidenceText } from '#scraper/evidence.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { anIntent, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db, runs } = house;
const evidence = createEvidenceService(house.database, { hours: 72, perPlatform: 3 });
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

function page(itemKey: string | null, text: string, ageHours = 0) {
  const answer = { status: 200, url: `https://site.example/${itemKey}`, text };
  const at = new Date(Date.now() - ageHours * 3_600_000);
  return evidenceOf(answer, { step: 'extract', itemKey, why: 'drifted', at });
}

async function keys(): Promise<unknown[]> {
  return [...(await db.execute(sql`select item_key from kept_answers order by at`))].map((row) => row['item_key']);
}

describe('kept answers', () => {
  it('can be read again, the newest of an item in place of an older one', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await evidence.keep(job, await page('a', 'old'));
    await evidence.keep(job, await page('a', 'new ü'));
    await evidence.keep(job, await page(null, 'the list'));
    const body = await keptAnswer(db, 'bet9ja', 'extract', 'a');
    expect(body && (await evidenceText(body))).toBe('new ü');
    expect(await keptAnswer(db, 'sportybet', 'extract', 'a')).toBeNull();
    expect(await keys()).toHaveLength(2);
  });

  it('are forgotten when their time is over, and beyond what a platform may have', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    for (const [key, age] of [
      ['a', 80],
      ['b', 4],
      ['c', 3],
      ['d', 2],
      ['e', 1],
    ] as const) {
      await evidence.keep(job, await page(key, 'x', age));
    }
    expect(await evidence.forget()).toBe(2);
    expect(await keys()).toEqual(['c', 'd', 'e']);
    expect(await createEvidenceService(house.database, { hours: 0, perPlatform: 3 }).forget()).toBe(3);
  });

  it('are not kept at all when the house does not want them, nor by a worker whose job is another’s', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await createEvidenceService(house.database, { hours: 0, perPlatform: 3 }).keep(job, await page('a', 'x'));
    await expect(evidence.keep({ ...job, lease: job.lease + 1 }, await page('a', 'x'))).rejects.toThrow(LeaseLost);
    expect(await keys()).toEqual([]);
  });
});
