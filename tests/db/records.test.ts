import { expect, test } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import type { EventOdds, Price } from '#scraper/result.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';

const { db } = await testDatabase();

function price(change: Partial<Price> = {}): Price {
  return {
    market: '1x2',
    period: 'ft',
    line: null,
    outcome: 'home',
    price: 1.85,
    sourceMarketId: '1',
    sourceOutcomeId: '1',
    sourceUpdatedAt: null,
    ...change,
  };
}

function event(eventId: string, prices: Price[], change: Partial<EventOdds> = {}): EventOdds {
  return {
    kind: 'odds',
    platform: 'sportybet',
    country: 'ng',
    eventId,
    sportradarId: '61300947',
    geniusId: null,
    event: 'Arsenal - Chelsea',
    home: 'Arsenal',
    away: 'Chelsea',
    sport: 'football',
    competition: { id: 'sr:tournament:17', name: 'Premier League', country: 'England' },
    kickoff: '2026-11-24T19:45:00.000Z',
    live: false,
    fetchedAt: '2026-11-23T12:00:00.000Z',
    prices,
    ...change,
  };
}

function store(...records: EventOdds[]) {
  return db.transaction((tx) => storeRecords(tx, records));
}

async function rows(eventId: string) {
  return [
    ...(await db.execute(sql`
      select market, period, line, outcome, price, to_json(source_updated_at) as updated
      from odds join events on id = event_id where source_id = ${eventId} order by market, period, line nulls first, outcome`)),
  ];
}

/** Every row with the transaction that wrote it. */
async function versions() {
  return [
    ...(await db.execute(sql`
      select 'event' as kind, id, xmin::text, updated_at from events
      union all select 'odds', event_id, xmin::text, updated_at from odds order by 1, 2, 3`)),
  ];
}

const three = [
  price(),
  price({ outcome: 'draw', price: 3.4, sourceUpdatedAt: '2026-11-23T11:59:59.123Z' }),
  price({ outcome: 'away', price: 1.1 + 2.2 }),
];

test('an event is stored with its prices', async () => {
  expect(await store(event('e1', three))).toEqual({ events: 1, odds: 3, dropped: 0 });
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
  expect(await store(...structuredClone(answer))).toEqual({ events: 0, odds: 0, dropped: 0 });
  expect(await versions()).toEqual(before);
});

test('only what changed is written', async () => {
  await store(event('e2', three), event('e3', three));
  const changed = event('e3', [{ ...three[0]!, price: 1.9 }, three[1]!, three[2]!], { live: true });
  expect(await store(event('e2', three), changed)).toEqual({ events: 1, odds: 1, dropped: 0 });
  expect((await rows('e3')).map((row) => row['price'])).toEqual([1.1 + 2.2, 3.4, 1.9]);
});

test('a price that is not offered any more is deleted, those of other events stay', async () => {
  await store(event('e4', three), event('e5', three));
  expect(await store(event('e4', [three[0]!]))).toEqual({ events: 0, odds: 0, dropped: 2 });
  expect(await rows('e4')).toHaveLength(1);
  expect(await rows('e5')).toHaveLength(3);
  expect(await store(event('e4', []))).toEqual({ events: 0, odds: 0, dropped: 1 });
});

test('a line of null, a line of 0 and other lines are different prices', async () => {
  const lines = [null, 0, -0.5, 2.5].map((line) => price({ market: 'over_under', line, outcome: 'over' }));
  await store(event('e6', lines));
  expect((await rows('e6')).map((row) => row['line'])).toEqual([null, -0.5, 0, 2.5]);
  expect(await store(event('e6', [...lines, price({ market: 'over_under', line: -0, outcome: 'over' })]))).toEqual({
    events: 0,
    odds: 0,
    dropped: 0,
  });
});

test('an event or a price that is named twice is stored as it was named last', async () => {
  await store(event('e7', [price()]), event('e7', [price({ price: 2 }), price({ price: 2.5 })], { home: 'Fulham' }));
  expect((await rows('e7')).map((row) => row['price'])).toEqual([2.5]);
  expect(await db.execute(sql`select home from events where source_id = 'e7'`)).toEqual([{ home: 'Fulham' }]);
});

test('the same id on another platform or in another country is another event', async () => {
  await store(event('e8', three), event('e8', three, { country: 'ke' }), event('e8', three, { platform: 'betpawa' }));
  expect(await db.execute(sql`select id from events where source_id = 'e8'`)).toHaveLength(3);
});

test('text that Postgres cannot hold is stored with a replacement, not refused', async () => {
  const broken = event('e9\0', [price({ sourceMarketId: 'x\ud800' })], { home: 'A\0B', away: 'C\udc00D' });
  await store(broken);
  expect(await db.execute(sql`select home, away from events where source_id = ${'e9\ufffd'}`)).toEqual([
    { home: 'A\ufffdB', away: 'C\ufffdD' },
  ]);
  expect(await store(broken)).toEqual({ events: 0, odds: 0, dropped: 0 });
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
  await using scratch = await scratchDatabase();
  const prices = Array.from({ length: 250 }, (_, n) => price({ market: 'over_under', line: n / 4, outcome: 'over' }));
  const events = Array.from({ length: 250 }, (_, n) => event(`m${n}`, prices));
  const [first, second] = await Promise.all(
    [events, events.toReversed()].map((order) => scratch.db.transaction((tx) => storeRecords(tx, order))),
  );
  expect(first!.events + second!.events).toBe(250);
  expect(first!.odds + second!.odds).toBe(62_500);
});

test('no records are no work', async () => {
  expect(await store()).toEqual({ events: 0, odds: 0, dropped: 0 });
});
