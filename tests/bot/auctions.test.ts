/** What jobs of the auction site ask for: not what is known for good, and no image twice. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import type { ItemResult } from '#scraper/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';
import { aListing, imageUrl } from '../helpers/listings.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db, runs, jobs } = house;
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(async () => {
  await emptyHouse(db);
  await db.execute(sql`truncate listings cascade`);
});

const platform = 'bet9ja';
const MAX_AGE = 600_000;
const ends = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const seeds = (...keys: string[]) => keys.map((key, priority) => ({ key, priority, payload: {} }));

/** A lot that was worked on, with what its record gives the images step to do. */
function extracted(listingId: string, images: string[]): ItemResult {
  const record = aListing({ platform, listingId, imageUrls: images });
  return { key: listingId, outcome: 'done', records: [record], fed: { step: 'images', seeds: seeds(...images) } };
}

function downloaded(image: string): ItemResult {
  const file = { sha256: 'ab', path: 'ab/ab.jpg', bytes: 3, type: 'image/jpeg' };
  return { key: image, outcome: 'done', records: [{ kind: 'image', platform, url: image, ...file }] };
}

async function take() {
  await runs.start(anIntent(), [platform]);
  return house.take(platform);
}

describe('lots whose result is final', () => {
  it('are not asked for again by a later run, and say that nothing new came', async () => {
    await storeRecords(db, [
      aListing({ platform, listingId: 'sold', endsAt: ends(-5), fetchedAt: ends(-4) }),
      aListing({ platform, listingId: 'runs', status: 'live', endsAt: ends(5), fetchedAt: ends(-1) }),
      aListing({ platform, listingId: 'unsettled', endsAt: ends(-60), fetchedAt: ends(-59) }),
    ]);
    const job = await take();
    const found = seeds('sold', 'runs', 'unsettled', 'new');
    expect(await jobs.seed(job, 'extract', found, MAX_AGE)).toEqual({ added: 3, kept: 0, known: 1 });
    expect((await jobs.pending(job, 'extract')).map(({ key }) => key)).toEqual(['runs', 'unsettled', 'new']);
    expect([...(await db.execute(sql`select items_total, items_kept from jobs`))]).toEqual([
      { items_total: 4, items_kept: 1 },
    ]);
  });

  it('that this very chain stored do not make its retry stop looking', async () => {
    const job = await take();
    await jobs.seed(job, 'extract', seeds('a'), MAX_AGE);
    await jobs.settle(job, 'extract', [
      {
        key: 'a',
        outcome: 'done',
        records: [aListing({ platform, listingId: 'a', endsAt: ends(-5), fetchedAt: ends(0) })],
      },
    ]);
    await jobs.endAttempt(job, aResult('partial', aFailure(platform, 'drifted', { step: 'discover' })));
    await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    expect(await jobs.seed(await house.take(), 'extract', seeds('a'), 0)).toEqual({ added: 0, kept: 0, known: 0 });
  });

  it('that are gone from the site are not expected any more', async () => {
    await storeRecords(db, [
      aListing({ platform, listingId: 'a', status: 'live', endsAt: ends(-1), fetchedAt: ends(-3) }),
    ]);
    const job = await take();
    const due = await jobs.due(job);
    expect(due).toMatchObject([{ key: 'a', payload: { url: aListing().url } }]);
    await jobs.seed(job, 'extract', due, MAX_AGE);
    await jobs.settle(job, 'extract', [{ key: 'a', outcome: 'gone', failure: aFailure(platform, 'not_found') }]);
    expect(await jobs.due(job)).toEqual([]);
  });
});

describe('images', () => {
  it('are a step of their own: a listing is stored whatever becomes of them', async () => {
    const job = await take();
    await jobs.seed(job, 'extract', seeds('a'), MAX_AGE);
    await jobs.settle(job, 'extract', [extracted('a', [imageUrl(1), imageUrl(2)])]);
    await jobs.settle(job, 'images', [
      downloaded(imageUrl(1)),
      { key: imageUrl(2), outcome: 'failed', failure: aFailure(platform, 'unreachable', { step: 'images' }) },
    ]);
    const rows = await db.execute(sql`select url, state, last_error from listing_images order by position`);
    expect([...rows]).toEqual([
      { url: imageUrl(1), state: 'stored', last_error: null },
      { url: imageUrl(2), state: 'failed', last_error: 'unreachable' },
    ]);
  });

  it('that are here are nothing to do for a later run, nor for a job that had them on its list', async () => {
    const first = await take();
    await jobs.settle(first, 'extract', [extracted('a', [imageUrl(1), imageUrl(2)])]);
    await jobs.endAttempt(first, aResult('partial', aFailure(platform, 'blocked', { step: 'images' })));
    const second = await take();
    await jobs.settle(second, 'extract', [extracted('a', [imageUrl(1), imageUrl(2)])]);
    await jobs.settle(second, 'images', [downloaded(imageUrl(1))]);
    await jobs.endAttempt(second, aResult('partial', aFailure(platform, 'blocked', { step: 'images' })));

    const third = await take();
    await jobs.settle(third, 'extract', [extracted('a', [imageUrl(1), imageUrl(2)])]);
    expect((await jobs.pending(third, 'images')).map(({ key }) => key)).toEqual([imageUrl(2)]);
    await jobs.settle(third, 'images', [downloaded(imageUrl(2))]);
    await jobs.endAttempt(third, aResult('completed'));

    await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    const retried = await house.take();
    expect(await jobs.pending(retried, 'images')).toEqual([]);
    const [counts] = await db.execute(sql`select total, kept, done from further_items where job_id = ${retried.id}`);
    expect(counts).toEqual({ total: 2, kept: 2, done: 0 });
  });
});
