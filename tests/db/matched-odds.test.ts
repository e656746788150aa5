import { beforeEach, expect, test } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import type { Price } from '#scraper/result.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEvent, aPrice } from '../helpers/odds.ts';

const { db } = await testDatabase();

beforeEach(() => db.execute(sql`truncate events, book_events, odds, odds_digests, odds_changes, event_warnings`));

function store(platform: string, prices: Price[], country = 'ng') {
  const record = anEvent(`${platform} 1`, prices, { platform, country, sportradarId: '1' });
  return db.transaction((tx) => storeRecords(tx, [record]));
}

function winner(home: number, draw: number, away: number): Price[] {
  return [aPrice({ price: home }), aPrice({ outcome: 'draw', price: draw }), aPrice({ outcome: 'away', price: away })];
}

function total(line: number, outcome: string, price: number): Price {
  return aPrice({ market: 'over_under', line, outcome, price });
}

async function matched(columns: string) {
  return [
    ...(await db.execute(sql`
      select ${sql.raw(columns)} from matched_odds order by country, market, period, line, outcome`)),
  ];
}

test('the prices of one outcome stand side by side, with the best of them and whose it is', async () => {
  await store('sportybet', winner(2.4, 3.3, 3));
  await store('bet9ja', winner(2.42, 3.2, 3));
  await store('betpawa', [aPrice({ price: 2.38 })]);
  expect(await matched('outcome, sportybet, bet9ja, betpawa, books, best_price, best_book, prices')).toEqual([
    {
      outcome: 'away',
      sportybet: 3,
      bet9ja: 3,
      betpawa: null,
      books: 2,
      best_price: 3,
      best_book: 'bet9ja',
      prices: { bet9ja: 3, sportybet: 3 },
    },
    {
      outcome: 'draw',
      sportybet: 3.3,
      bet9ja: 3.2,
      betpawa: null,
      books: 2,
      best_price: 3.3,
      best_book: 'sportybet',
      prices: { bet9ja: 3.2, sportybet: 3.3 },
    },
    {
      outcome: 'home',
      sportybet: 2.4,
      bet9ja: 2.42,
      betpawa: 2.38,
      books: 3,
      best_price: 2.42,
      best_book: 'bet9ja',
      prices: { betpawa: 2.38, sportybet: 2.4, bet9ja: 2.42 },
    },
  ]);
});

test('a margin is given where the whole market is offered, and nowhere else', async () => {
  await store('sportybet', [...winner(2, 4, 5), total(2.5, 'over', 1.9), total(2.5, 'under', 1.9)]);
  await store('bet9ja', [...winner(2, 4, 5).slice(1), total(2.5, 'over', 1.9), total(3.5, 'under', 1.9)]);
  expect(await matched('market, line, outcome, sportybet_margin as sporty, bet9ja_margin as nine')).toEqual([
    { market: '1x2', line: null, outcome: 'away', sporty: '-5.00', nine: null },
    { market: '1x2', line: null, outcome: 'draw', sporty: '-5.00', nine: null },
    { market: '1x2', line: null, outcome: 'home', sporty: '-5.00', nine: null },
    { market: 'over_under', line: 2.5, outcome: 'over', sporty: '5.26', nine: null },
    { market: 'over_under', line: 2.5, outcome: 'under', sporty: '5.26', nine: null },
    { market: 'over_under', line: 3.5, outcome: 'under', sporty: null, nine: null },
  ]);
});

test('of three double chances two win, so a fair book has a margin of nothing', async () => {
  const fair = ['home_draw', 'home_away', 'draw_away'].map((outcome) =>
    aPrice({ market: 'double_chance', outcome, price: 1.5 }),
  );
  await store('betpawa', fair);
  expect(await matched('distinct betpawa_margin as margin, country, market, period, line, outcome')).toMatchObject([
    { margin: '0.00' },
    { margin: '0.00' },
    { margin: '0.00' },
  ]);
});

test('lines of 0 and none, halves and countries stand on rows of their own', async () => {
  const handicap = aPrice({ market: 'asian_handicap', line: 0 });
  await store('sportybet', [aPrice(), aPrice({ period: '1h' }), handicap]);
  await store('bet9ja', [aPrice(), handicap]);
  await store('betpawa', [aPrice()], 'gh');
  expect(await matched('country, market, period, line, books')).toEqual([
    { country: 'gh', market: '1x2', period: 'ft', line: null, books: 1 },
    { country: 'ng', market: '1x2', period: '1h', line: null, books: 1 },
    { country: 'ng', market: '1x2', period: 'ft', line: null, books: 2 },
    { country: 'ng', market: 'asian_handicap', period: 'ft', line: 0, books: 2 },
  ]);
});

test('a platform that the view has no column for is among its prices all the same', async () => {
  await store('quickbet', winner(2, 4, 5));
  expect(await matched('prices, margins, best_book')).toContainEqual({
    prices: { quickbet: 2 },
    margins: { quickbet: -5 },
    best_book: 'quickbet',
  });
});

test('every view that people query says in psql what it holds', async () => {
  const silent = await db.execute(sql`
    select relname from pg_class
    where relkind = 'v' and relnamespace = 'public'::regnamespace and obj_description(oid, 'pg_class') is null`);
  expect(silent).toEqual([]);
});
