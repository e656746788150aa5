import { beforeEach, describe, expect, test } from 'vitest';
import { countLacking, openBackfill, takeBatch } from '#db/backfills.ts';
import { sql } from '#db/drizzle.ts';
import { keepAnswer } from '#db/evidence.ts';
import { noteImages } from '#db/listing-images.ts';
import { storeRecords } from '#db/records.ts';
import { insertRun } from '#db/runs.ts';
import { platforms } from '#scraper/index.ts';
import { markWorkItems, pendingWorkItems } from '#db/work-items.ts';
import { testDatabase } from '../helpers/database.ts';
import { ada, aFailure } from '../helpers/house.ts';
import { aListing } from '../helpers/listings.ts';

const { db } = await testDatabase({ breaks: { 'started-once': 'runs are written here without anybody who asked' } });
const platform = 'bringatrailer';
beforeEach(() => db.execute(sql`truncate listings, runs, kept_answers restart identity cascade`));

let requests = 0;
/** A job that backfills, and the batch it was given. */
async function batchOf(what: string, most = 50) {
  const step = what === 'images' ? 'images' : 'reread';
  const { jobIds } = await insertRun(db, {
    trigger: 'console',
    triggerKey: `console:${++requests}`,
    retryOf: null,
    rootId: null,
    requestedBy: ada,
    homeSurface: 'console',
    jobs: [{ platform, retryNumber: 0, fromStep: step, itemStep: step, backfill: what, sourceJobId: null }],
  });
  const id = jobIds[0] ?? 0;
  const batch = await takeBatch(db, { id, platform, what, step }, most);
  const keys = (await pendingWorkItems(db, id, step)).map(({ key }) => key);
  return { id, step, batch, keys };
}

const picture = (listing: number, number = 1) =>
  `https://bringatrailer.com/wp-content/uploads/${listing}-${number}.jpg`;

/** A lot with so many pictures, none of which is here. */
const lot = (listing: number, pictures = 2) =>
  aListing({
    listingId: String(listing),
    imageUrls: Array.from({ length: pictures }, (_, index) => picture(listing, index + 1)),
  });

function failed(...urls: string[]) {
  const failure = aFailure(platform, 'unreachable');
  return noteImages(
    db,
    urls.map((key) => ({ key, outcome: 'failed' as const, failure })),
  );
}

function downloaded(...urls: string[]) {
  const file = { sha256: 'ab', path: 'ab/ab.jpg', bytes: 3, type: 'image/jpeg' };
  return noteImages(
    db,
    urls.map((url) => ({
      key: url,
      outcome: 'done' as const,
      records: [{ kind: 'image' as const, platform, url, ...file }],
    })),
  );
}

/** Keeps a page of a lot, as a scrape does that misses something on it. */
async function keep(job: number, listing: string, why: 'incomplete' | 'blocked' = 'incomplete') {
  const page = { step: 'extract', itemKey: listing, why, url: 'https://bringatrailer.com/listing/a/' };
  const at = new Date().toISOString();
  await keepAnswer(db, { id: job, platform }, { ...page, body: Buffer.from('x'), bytes: 1, at });
}

describe('a batch of images', () => {
  test('takes so many listings, the oldest first, with all their images that are not here', async () => {
    await storeRecords(db, [lot(1), lot(2), lot(3, 0), lot(4)]);
    await downloaded(picture(2, 1));
    const { batch, keys } = await batchOf('images', 2);
    expect(batch).toEqual({ listings: 2, items: 3 });
    expect(keys).toEqual([picture(1, 1), picture(1, 2), picture(2, 2)]);
    expect(await countLacking(db, platform, 'images')).toEqual({ all: 3, left: 3 });
  });

  test('takes what failed often after what was never tried, so that the next batch is another one', async () => {
    await storeRecords(db, [lot(1, 1), lot(2, 1), lot(3, 1)]);
    await failed(picture(1));
    await failed(picture(1), picture(2));
    expect((await batchOf('images', 1)).keys).toEqual([picture(3)]);
    expect((await batchOf('images', 2)).keys).toEqual([picture(2), picture(3)]);
  });

  test('leaves out images that are here, or gone, under another listing', async () => {
    await storeRecords(db, [lot(1, 1)]);
    await noteImages(db, [{ key: picture(1), outcome: 'gone', failure: aFailure(platform, 'not_found') }]);
    await storeRecords(db, [aListing({ listingId: '2', imageUrls: [picture(1)] })]);
    expect((await batchOf('images')).batch).toEqual({ listings: 0, items: 0 });
    expect(await countLacking(db, platform, 'images')).toEqual({ all: 0, left: 0 });
  });

  test('asks for an image that two listings show once', async () => {
    const shared = [picture(1)];
    await storeRecords(db, [
      aListing({ listingId: '1', imageUrls: shared }),
      aListing({ listingId: '2', imageUrls: shared }),
    ]);
    expect((await batchOf('images')).batch).toEqual({ listings: 2, items: 1 });
  });

  test('is nothing of another platform', async () => {
    await storeRecords(db, [{ ...lot(1), platform: 'another' }]);
    expect((await batchOf('images')).batch).toEqual({ listings: 0, items: 0 });
  });
});

describe('a batch of pages to read again', () => {
  test('takes listings that lack the field and whose page is kept', async () => {
    const none = { vin: null, vinCheckDigitOk: null };
    await storeRecords(db, [
      aListing({ listingId: '1', ...none }),
      aListing({ listingId: '2' }),
      aListing({ listingId: '3', ...none }),
      aListing({ listingId: '4', ...none }),
    ]);
    const { id } = await batchOf('images');
    for (const listing of ['1', '2']) await keep(id, listing);
    await keep(id, '4', 'blocked');
    expect(await batchOf('vin')).toMatchObject({ batch: { listings: 1, items: 1 }, keys: ['1'] });
  });

  test('takes pages first that nobody has read again since they were kept, and counts only those as left', async () => {
    await storeRecords(db, [aListing({ listingId: '1', make: null }), aListing({ listingId: '2', make: null })]);
    const { id } = await batchOf('images');
    await keep(id, '1');
    await keep(id, '2');
    const first = await batchOf('make', 1);
    expect(first.keys).toEqual(['1']);
    const gone = { key: '1', outcome: 'gone' as const, failure: aFailure(platform, 'not_found') };
    await markWorkItems(db, first.id, first.step, [gone]);
    expect(await countLacking(db, platform, 'make')).toEqual({ all: 2, left: 1 });
    expect((await batchOf('make', 1)).keys).toEqual(['2']);

    await keep(id, '1');
    expect(await countLacking(db, platform, 'make')).toEqual({ all: 2, left: 2 });
  });

  test('is there for every field that a platform offers', async () => {
    const offered = platforms.flatMap(({ id, backfills = [] }) => backfills.map(({ what }) => [id, what] as const));
    expect(offered.length).toBeGreaterThan(5);
    for (const [id, what] of offered) expect(await countLacking(db, id, what)).toEqual({ all: 0, left: 0 });
  });

  test('refuses what no listing has', async () => {
    await expect(countLacking(db, platform, 'price; drop table listings')).rejects.toThrow('no column');
  });
});

describe('fields that are read again', () => {
  const found = (fields: object) => [{ kind: 'fields' as const, platform, listingId: '555001', fields }];
  const row = async () => (await db.execute(sql`select vin, vin_check_digit_ok as ok, make, mileage from listings`))[0];

  test('fill what is missing', async () => {
    await storeRecords(db, [aListing({ vin: null, vinCheckDigitOk: null })]);
    const vin = { vin: '9TMGT3453R1000001', vinCheckDigitOk: true };
    expect(await storeRecords(db, found(vin))).toMatchObject({ listings: 1 });
    expect(await row()).toMatchObject({ vin: '9TMGT3453R1000001', ok: true, make: 'Testmake', mileage: 51000 });
  });

  test('change nothing that is there, and write nothing then', async () => {
    await storeRecords(db, [aListing()]);
    const other = { vin: '9TMGT3453R1000002', vinCheckDigitOk: false, make: 'Other', mileage: 1, mileageUnit: 'km' };
    expect(await storeRecords(db, found(other))).toMatchObject({ listings: 0 });
    expect(await row()).toEqual({ vin: '9TMGT3453R1000001', ok: true, make: 'Testmake', mileage: 51000 });
  });

  test('make no listing that is not stored', async () => {
    expect(await storeRecords(db, found({ make: 'Testmake' }))).toMatchObject({ listings: 0 });
    expect(await row()).toBeUndefined();
  });
});

test('a backfill that has not ended is found by its platform', async () => {
  expect(await openBackfill(db, platform)).toBeNull();
  await batchOf('images');
  expect(await openBackfill(db, platform)).toBe(1);
  expect(await openBackfill(db, 'bet9ja')).toBeNull();
});
