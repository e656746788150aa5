import { expect, test } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import { withdrawOdds } from '#db/store-odds.ts';
import type { EventOdds } from '#scraper/result.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { anEvent as event, aPrice as price } from '../helpers/odds.ts';

const { db } = await testDatabase();

function store(...records: EventOdds[]) {
  return db.transaction((tx) => storeRecords(tx, records));
}

async function rows(eventId: string) {
  return [
    ...(await db.execute(sql`
      select market, period, line, outcome, price, to_json(source_updated_at) as updated
      from odds join book_events on id = book_event_id where source_id = ${eventId} order by market, period, line nulls first, outcome`)),
  ];
}

/** Every row with the transaction that wrote it. */
async function versions() {
  return [
    ...(await db.execute(sql`
      select 'event' as kind, id, xmin::text, updated_at from events
      union all select 'book event', id, xmin::text, updated_at from book_events
      union all select 'digest', book_event_id, xmin::text, null from odds_digests
      union all select 'odds', book_event_id, xmin::text, updated_at from odds
      union all select 'change', id, xmin::text, at from odds_changes order by 1, 2, 3`)),
  ];
}

const nothing = { events: 0, listings: 0, odds: 0, dropped: 0, changes: 0, warnings: [] };

const three = [
  price(),
  price({ outcome: 'draw', price: 3.4, sourceUpdatedAt: '2026-11-23T11:59:59.123Z' }),
  price({ outcome: 'away', price: 1.1 + 2.2 }),
];

test('an event is stored with its prices', async () => {
  expect(await store(event('e1', three))).toMatchObject({ events: 1, odds: 3, dropped: 0 });
  expect(await rows('e1')).toEqual([
    { market: '1x2', period: 'ft', line: null, outcome: 'away', price: 1.1 + 2.2, updated: null },
    { market: '1x2', period: 'ft', line: null, outcome: 'draw', price: 3.4, updated: '2026-11-23T11:59:59.123+00:00' },
    { market: '1x2', period: 'ft', line: null, outcome: 'home', price: 1.85, updated: null },
  ]);
});

test('the same answer twice changes not a single row', async () => {
  const answer = [event('same 1', three), event('same 2', [price({ market: 'asian_handicap', line: -0.25 })])];
  await store(...answer);
  const before = await versions();
  expect(await store(...structuredClone(answer))).toEqual(nothing);
  expect(await versions()).toEqual(before);
});

test('only what changed is written', async () => {
  await store(event('e2', three), event('e3', three));
  const changed = event('e3', [{ ...three[0]!, price: 1.9 }, three[1]!, three[2]!], { live: true });
  expect(await store(event('e2', three), changed)).toMatchObject({ events: 1, odds: 1, dropped: 0 });
  expect((await rows('e3')).map((row) => row['price'])).toEqual([1.1 + 2.2, 3.4, 1.9]);
});

test('a price that is not offered any more is deleted, those of other events stay', async () => {
  await store(event('e4', three), event('e5', three));
  expect(await store(event('e4', [three[0]!]))).toMatchObject({ events: 0, odds: 0, dropped: 2 });
  expect(await rows('e4')).toHaveLength(1);
  expect(await rows('e5')).toHaveLength(3);
  expect(await store(event('e4', []))).toMatchObject({ events: 0, odds: 0, dropped: 1 });
});

test('a line of null, a line of 0 and other lines are different prices', async () => {
  const lines = [null, 0, -0.5, 2.5].map((line) => price({ market: 'over_under', line, outcome: 'over' }));
  await store(event('e6', lines));
  expect((await rows('e6')).map((row) => row['line'])).toEqual([null, -0.5, 0, 2.5]);
  expect(await store(event('e6', [...lines, price({ market: 'over_under', line: -0, outcome: 'over' })]))).toEqual(
    nothing,
  );
});

test('an event or a price that is named twice is stored as it was named last', async () => {
  await store(event('e7', [price()]), event('e7', [price({ price: 2 }), price({ price: 2.5 })], { home: 'Fulham' }));
  expect((await rows('e7')).map((row) => row['price'])).toEqual([2.5]);
  expect(await db.execute(sql`select home from book_events where source_id = 'e7'`)).toEqual([{ home: 'Fulham' }]);
});

test('the same id on another platform or in another country is another event', async () => {
  await store(event('e8', three), event('e8', three, { country: 'ke' }), event('e8', three, { platform: 'betpawa' }));
  expect(await db.execute(sql`select id from book_events where source_id = 'e8'`)).toHaveLength(3);
});

test('text that Postgres cannot hold is stored with a replacement, not refused', async () => {
  const broken = event('e9\0', [price({ sourceMarketId: 'x\ud800' })], { home: 'A\0B', away: 'C\udc00D' });
  await store(broken);
  expect(await db.execute(sql`select home, away from book_events where source_id = ${'e9\ufffd'}`)).toEqual([
    { home: 'A\ufffdB', away: 'C\ufffdD' },
  ]);
  expect(await store(broken)).toEqual(nothing);
});

test('nothing is stored when the transaction fails', async () => {
  const failing = db.transaction(async (tx) => {
    await storeRecords(tx, [event('e10', three)]);
    throw new Error('late');
  });
  await expect(failing).rejects.toThrow('late');
  expect(await rows('e10')).toEqual([]);
});

test('many events with tens of thousands of prices are one call, stored by two at once without a deadlock', async () => {
  await using scratch = await scratchDatabase({ queryTimeoutMs: 60_000, transactionTimeoutMs: 90_000 });
  const prices = Array.from({ length: 100 }, (_, n) => price({ market: 'over_under', line: n / 4, outcome: 'over' }));
  const events = Array.from({ length: 250 }, (_, n) => event(`m${n}`, prices));
  const [first, second] = await Promise.all(
    [events, events.toReversed()].map((order) => scratch.db.transaction((tx) => storeRecords(tx, order))),
  );
  expect(first!.events + second!.events).toBe(250);
  expect(first!.odds + second!.odds).toBe(25_000);
});

test('the first prices of a match are no change; what moves, goes and comes back is, at the time of its answer', async () => {
  const at = (minute: number, prices: typeof three) =>
    store(event('moves', prices, { fetchedAt: `2026-11-23T12:0${minute}:00.000Z` }));
  const [home, draw, away] = [three[0]!, three[1]!, three[2]!];
  expect(await at(0, [home, draw])).toMatchObject({ odds: 2, changes: 0 });
  expect(await at(1, [{ ...home, price: 1.9 }, draw])).toMatchObject({ odds: 1, changes: 1 });
  expect(await at(2, [{ ...home, price: 1.9 }])).toMatchObject({ dropped: 1, changes: 1 });
  expect(await at(3, [{ ...home, price: 1.9 }, draw])).toMatchObject({ odds: 1, changes: 1 });
  expect(await at(4, [{ ...home, price: 1.9 }, draw, away])).toMatchObject({ odds: 1, changes: 1 });
  expect(await at(5, [{ ...home, price: 1.9 }, draw, away])).toEqual(nothing);
  const changes = await db.execute(sql`
    select outcome, old_price as old, new_price as new, to_char(at, 'MI') as minute
    from odds_changes c join book_events b on b.id = c.book_event_id where b.source_id = 'moves' order by c.id`);
  expect(changes).toEqual([
    { outcome: 'home', old: 1.85, new: 1.9, minute: '01' },
    { outcome: 'draw', old: 3.4, new: null, minute: '02' },
    { outcome: 'draw', old: null, new: 3.4, minute: '03' },
    { outcome: 'away', old: null, new: 1.1 + 2.2, minute: '04' },
  ]);
});

test('a price that keeps its value and changes its source is written and is no change', async () => {
  await store(event('source', [price()]));
  const later = price({ sourceUpdatedAt: '2026-11-23T12:00:00.000Z' });
  expect(await store(event('source', [later]))).toMatchObject({ odds: 1, changes: 0 });
});

test('a market that could not be read keeps the prices it had', async () => {
  const line = price({ market: 'over_under', line: 2.5, outcome: 'over' });
  await store(event('unread', [price(), line]));
  const unread = [{ market: 'over_under', period: 'ft' }] as const;
  expect(await store(event('unread', [price()], { unread }))).toEqual(nothing);
  const half = [{ market: 'over_under', period: '1h' }] as const;
  expect(await store(event('unread', [price()], { unread: half }))).toMatchObject({ dropped: 1 });
});

test('an event of which the site says no more than that it is gone has no prices any more', async () => {
  await store(event('gone', three), event('stays', three));
  await db.transaction((tx) => withdrawOdds(tx, 'sportybet', ['gone', 'never seen']));
  expect(await rows('gone')).toEqual([]);
  expect(await rows('stays')).toHaveLength(3);
  const changes = await db.execute(sql`
    select count(*)::int as n from odds_changes c join book_events b on b.id = c.book_event_id
    where b.source_id = 'gone' and c.new_price is null and c.old_price is not null`);
  expect(changes).toEqual([{ n: 3 }]);
});

test('prices that are offered again as they are stored, in any order, are not even read', async () => {
  const answer = event('unread again', [...three, price({ outcome: 'draw', price: 3.4, sourceMarketId: 'b\0' })]);
  await store(answer);
  const before = await versions();
  await db.transaction(async (other) => {
    await other.execute(sql`lock table odds in access exclusive mode`);
    expect(await store(answer)).toEqual(nothing);
    expect(await store({ ...answer, prices: [answer.prices[3]!, answer.prices[2]!, answer.prices[0]!] })).toEqual(
      nothing,
    );
  });
  expect(await versions()).toEqual(before);
});

const byHand = {
  inserted: sql`
    insert into odds (book_event_id, market, period, outcome, price, source_market_id, source_outcome_id)
    select id, 'btts', 'ft', 'yes', 2, 'm', 'o' from book_events where source_id = 'by hand'`,
  updated: sql`
    update odds o set price = 9 from book_events b where b.id = o.book_event_id and source_id = 'by hand' and outcome = 'home'`,
  deleted: sql`
    delete from odds o using book_events b where b.id = o.book_event_id and source_id = 'by hand' and outcome = 'home'`,
  'taken from another event': sql`
    update odds o set book_event_id = (select id from book_events where source_id = 'by hand'), market = 'btts'
    from book_events b where b.id = o.book_event_id and source_id = 'beside' and outcome = 'home'`,
  truncated: sql`truncate odds, odds_changes`,
};

test.each(Object.entries(byHand))(
  'a price that somebody else has %s is put right by the next answer',
  async (_, change) => {
    const answer = [event('by hand', three), event('beside', three)];
    await store(...answer);
    const [right, beside] = [await rows('by hand'), await rows('beside')];
    await db.execute(change);
    expect(await rows('by hand')).not.toEqual(right);
    await store(...answer);
    expect([await rows('by hand'), await rows('beside')]).toEqual([right, beside]);
  },
);

test('prices that were withdrawn are offered again by the same answer', async () => {
  await store(event('returns', three));
  await db.transaction((tx) => withdrawOdds(tx, 'sportybet', ['returns']));
  expect(await store(event('returns', three))).toMatchObject({ odds: 3, changes: 3 });
});

test('prices are not withdrawn while somebody else is storing those of the same site', async () => {
  await store(event('in turn', three));
  const [stored, more] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const storing = db.transaction(async (tx) => {
    await storeRecords(tx, [event('in turn', [{ ...three[0]!, price: 1.9 }, three[1]!, three[2]!])]);
    stored.resolve();
    await more.promise;
  });
  await stored.promise;
  const waiting = sql`select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`;
  const withdrawing = db.transaction((tx) => withdrawOdds(tx, 'sportybet', ['in turn']));
  await expect.poll(async () => (await db.execute(waiting)).length).toBe(1);
  more.resolve();
  await Promise.all([storing, withdrawing]);
  expect(await rows('in turn')).toEqual([]);
});

test('that an event was seen again is written once an hour', async () => {
  const at = (time: string) => store(event('seen', three, { fetchedAt: `2026-11-23T${time}.000Z` }));
  await at('12:00:00');
  expect(await at('12:59:59')).toEqual(nothing);
  expect(await at('13:00:00')).toEqual({ ...nothing, events: 1 });
  const [row] = await db.execute(sql`
    select to_char(first_seen_at, 'HH24:MI') as first, to_char(last_seen_at, 'HH24:MI') as last
    from book_events where source_id = 'seen'`);
  expect(row).toEqual({ first: '12:00', last: '13:00' });
});

test('no records are no work', async () => {
  expect(await store()).toEqual(nothing);
});
