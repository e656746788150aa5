import { beforeEach, describe, expect, test } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { noteImages } from '#db/listing-images.ts';
import { dueListings, settleListings } from '#db/listings.ts';
import { storeRecords } from '#db/records.ts';
import type { ItemResult } from '#scraper/result.ts';
import { testDatabase } from '../helpers/database.ts';
import { aFailure } from '../helpers/house.ts';
import { aListing, imageUrl } from '../helpers/listings.ts';

const { db } = await testDatabase();
beforeEach(() => db.execute(sql`truncate listings restart identity cascade`));

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

const stored = (...given: Parameters<typeof aListing>[0][]) =>
  storeRecords(
    db,
    given.map((one) => aListing(one)),
  );

/** An end so many hours from now. */
const ends = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe('storing lots', () => {
  test('keeps all that the record says', async () => {
    expect(await stored({})).toMatchObject({ listings: 1 });
    const [row] = await rows(sql`
      select to_jsonb(l) - 'id' - 'first_seen_at' - 'updated_at' as row from listings l`);
    expect(row?.['row']).toEqual({
      platform: 'bringatrailer',
      listing_id: '555001',
      url: 'https://bringatrailer.com/listing/1994-testmake-gt-7/',
      lot_number: '258001',
      title: '1994 Testmake GT Coupe',
      year: 1994,
      make: 'Testmake',
      model: 'GT',
      vin: '9TMGT3453R1000001',
      vin_check_digit_ok: true,
      chassis: '9TMGT3453R1000001',
      price: 33000,
      price_kind: 'sold',
      currency: 'USD',
      status: 'sold',
      no_reserve: false,
      bid_count: 2,
      comment_count: 1,
      views: 6055,
      watchers: 675,
      ends_at: '2026-12-05T12:15:13+00:00',
      seller: 'TestSeller',
      seller_type: 'private',
      location: 'Springfield, Ohio 45501',
      country: 'USA',
      mileage: 51000,
      mileage_unit: 'mi',
      mileage_unknown: false,
      details: ['Chassis: 9TMGT3453R1000001', '51k Miles Shown'],
      description: 'A test car.\n\nSecond paragraph.',
      image_urls: [imageUrl(1), imageUrl(2)],
      settled: false,
    });
  });

  test('the same answer again touches no row', async () => {
    const versions = sql`select xmin::text as v, ctid::text as c from listings
      union all select xmin::text, ctid::text from listing_images order by 1, 2`;
    await stored({}, { listingId: '555002', imageUrls: [imageUrl(3)] });
    const before = await rows(versions);
    expect(before).toHaveLength(5);
    expect(
      await stored({ fetchedAt: '2026-12-06T10:00:00.000Z' }, { listingId: '555002', imageUrls: [imageUrl(3)] }),
    ).toMatchObject({
      listings: 0,
    });
    expect(await rows(versions)).toEqual(before);
    expect(await rows(sql`select 1 from listing_changes`)).toEqual([]);
  });

  test('remembers how status and price moved, and nothing else', async () => {
    await stored({ status: 'live', price: 20000, priceKind: 'current_bid' });
    await stored({ status: 'live', price: 25000, priceKind: 'current_bid', views: 7000 });
    await stored({ status: 'live', price: 25000, priceKind: 'current_bid', views: 8000 });
    await stored({});
    expect(
      await rows(sql`select old_status, new_status, old_price, new_price from listing_changes order by id`),
    ).toEqual([
      { old_status: 'live', new_status: 'live', old_price: 20000, new_price: 25000 },
      { old_status: 'live', new_status: 'sold', old_price: 25000, new_price: 33000 },
    ]);
  });

  test('a lot named twice in a batch is stored as it was named last', async () => {
    await stored({ price: 1 }, { price: 2 });
    expect(await rows(sql`select price from listings`)).toEqual([{ price: 2 }]);
  });

  test('a text that no database takes costs nothing else', async () => {
    await stored({ title: 'GT\u0000 \ud800', details: ['\u0000'], description: '\udfff' });
    expect(await rows(sql`select title, details from listings`)).toEqual([
      { title: 'GT\ufffd \ufffd', details: ['\ufffd'] },
    ]);
  });
});

describe('the images of lots', () => {
  const states = sql`select url, position, state, attempts, last_error, path from listing_images order by position`;
  const done = (url: string): ItemResult => ({
    key: url,
    outcome: 'done',
    records: [
      { kind: 'image', platform: 'bringatrailer', url, sha256: 'ab', path: 'ab/ab.jpg', bytes: 3, type: 'image/jpeg' },
    ],
  });

  test('are listed first, at most fifty, and noted as they come', async () => {
    await stored({ imageUrls: Array.from({ length: 60 }, (_, index) => imageUrl(index)) });
    expect(
      await rows(sql`select count(*)::int as n, max(position) as last from listing_images where state = 'pending'`),
    ).toEqual([{ n: 50, last: 49 }]);
    await noteImages(db, [
      done(imageUrl(0)),
      { key: imageUrl(1), outcome: 'failed', failure: aFailure('bringatrailer', 'unreachable') },
      { key: imageUrl(2), outcome: 'gone', failure: aFailure('bringatrailer', 'not_found') },
    ]);
    expect((await rows(states)).slice(0, 4)).toEqual([
      { url: imageUrl(0), position: 0, state: 'stored', attempts: 1, last_error: null, path: 'ab/ab.jpg' },
      { url: imageUrl(1), position: 1, state: 'failed', attempts: 1, last_error: 'unreachable', path: null },
      { url: imageUrl(2), position: 2, state: 'gone', attempts: 1, last_error: 'not_found', path: null },
      { url: imageUrl(3), position: 3, state: 'pending', attempts: 0, last_error: null, path: null },
    ]);
  });

  test('stay when the page no longer shows them and they are here; the others leave the list', async () => {
    await stored({});
    await noteImages(db, [done(imageUrl(1))]);
    await stored({ imageUrls: [imageUrl(3)] });
    expect((await rows(states)).map(({ url, state }) => [url, state])).toEqual(
      expect.arrayContaining([
        [imageUrl(1), 'stored'],
        [imageUrl(3), 'pending'],
      ]),
    );
    expect(await rows(states)).toHaveLength(2);
  });

  test('that another lot shows as well are downloaded once', async () => {
    await stored({});
    await noteImages(db, [done(imageUrl(1))]);
    await stored({ listingId: '555002', imageUrls: [imageUrl(1)] });
    expect(
      await rows(sql`
      select i.state, i.path from listing_images i join listings l on l.id = i.listing where l.listing_id = '555002'`),
    ).toEqual([{ state: 'stored', path: 'ab/ab.jpg' }]);
  });
});

describe('lots that are looked at once more', () => {
  const due = async () => (await dueListings(db, 'bringatrailer')).map(({ key }) => key);

  test('are those that ended since they ran, and those whose result was young', async () => {
    await stored(
      { listingId: 'runs', status: 'live', endsAt: ends(1) },
      { listingId: 'over', status: 'live', endsAt: ends(-1) },
      { listingId: 'untold', status: 'ended', endsAt: ends(-2), fetchedAt: ends(-1) },
      { listingId: 'young', status: 'reserve_not_met', endsAt: ends(-5), fetchedAt: ends(-4) },
      { listingId: 'once more', status: 'reserve_not_met', endsAt: ends(-50), fetchedAt: ends(-49) },
      { listingId: 'settled', status: 'reserve_not_met', endsAt: ends(-100), fetchedAt: ends(-4) },
      { listingId: 'gone', status: 'live', endsAt: ends(-3) },
      { listingId: 'elsewhere', platform: 'other', status: 'live', endsAt: ends(-1) },
    );
    await settleListings(db, 'bringatrailer', ['gone']);
    expect(await due()).toEqual(['once more', 'untold', 'over']);
  });

  test('are looked at once: after that nothing more is expected', async () => {
    const lot = { status: 'reserve_not_met', priceKind: 'high_bid', endsAt: ends(-50) } as const;
    await stored({ ...lot, fetchedAt: ends(-49) });
    expect(await due()).toEqual(['555001']);
    await stored({ ...lot, fetchedAt: ends(0) });
    expect(await due()).toEqual([]);
  });
});
