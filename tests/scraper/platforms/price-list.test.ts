import { expect, test } from 'vitest';
import {
  bookMarket,
  priceList,
  readLine,
  readPrice,
  type BookMarket,
  type MarketOffer,
} from '#scraper/platforms/price-list.ts';

const totals: BookMarket = { market: 'over_under', period: 'ft', outcomes: { O: 'over', U: 'under' } };
const asian: BookMarket = { market: 'asian_handicap', period: 'ft', outcomes: { '1': 'home', '2': 'away' } };
const winner: BookMarket = { market: '1x2', period: 'ft', outcomes: { '1': 'home', X: 'draw', '2': 'away' } };

function offer(book: BookMarket, line: number | null, prices: Record<string, number>, closed = ''): MarketOffer {
  const offers = Object.entries(prices).map(([outcomeId, price]) => ({ outcomeId, price, open: outcomeId !== closed }));
  return { book, marketId: 'M', line, updatedAt: null, path: `market ${book.market}`, offers };
}

function list(markets: MarketOffer[], unknownMarket = 0) {
  return priceList({ markets, unknownMarket });
}

function brief(markets: MarketOffer[]): string[] {
  return list(markets).prices.map((one) => `${one.market} ${one.line} ${one.outcome} ${one.price}`);
}

test('prices of 1, 0 and none at all are not offered, and neither is a closed outcome with a plausible price', () => {
  const dead = offer(winner, null, { '1': 1, X: 0, '2': Number.NaN });
  const closed = offer(totals, 2.5, { O: 3.4, U: 1.3 }, 'O');
  const { prices, skipped } = list([dead, closed], 7);
  expect(prices.map(({ outcome }) => outcome)).toEqual(['under']);
  expect(skipped).toEqual({ notOffered: 4, unknownMarket: 7 });
});

test('a price of just above 1 is kept, infinity is not', () => {
  expect(brief([offer(totals, 0.5, { O: 1.001, U: Number.POSITIVE_INFINITY })])).toEqual(['over_under 0.5 over 1.001']);
});

test('half a market is kept', () => {
  expect(brief([offer(totals, 5.5, { O: 17 })])).toEqual(['over_under 5.5 over 17']);
});

test('a line of 0 is a line, and the same however it is written', () => {
  expect(brief([offer(asian, readLine('-0'), { '1': 1.9 }), offer(asian, readLine('0.0'), { '2': 1.9 })])).toEqual([
    'asian_handicap 0 home 1.9',
    'asian_handicap 0 away 1.9',
  ]);
});

test('a market with an outcome nobody knows is left out whole and counted', () => {
  const { prices, unread, drifts } = list([offer(totals, 2.5, { O: 2, E: 3 }), offer(totals, 3.5, { O: 3 })]);
  expect(prices.map(({ line }) => line)).toEqual([3.5]);
  expect(unread).toEqual([{ market: 'over_under', period: 'ft' }]);
  expect(drifts).toEqual([{ path: 'market over_under', problem: 'has an outcome we do not know: E', count: 1, of: 2 }]);
});

test.each([
  ['totals without a line', offer(totals, null, { O: 2 })],
  ['totals of zero goals', offer(totals, 0, { O: 2 })],
  ['a handicap without a line', offer(asian, null, { '1': 2 })],
  ['a winner market with a line', offer(winner, 2, { '1': 2 })],
  ['a line that is no number', offer(winner, Number.NaN, { '1': 2 })],
])('%s are left out and counted', (_, strange) => {
  const { prices, drifts, unread } = list([strange, offer(totals, 3.5, { O: 3 })]);
  expect(prices).toHaveLength(1);
  expect(drifts).toHaveLength(1);
  expect(unread).toEqual([{ market: strange.book.market, period: 'ft' }]);
});

test('the same line in two halves is two markets', () => {
  const half = { ...offer(totals, 2.5, { O: 9 }), book: { ...totals, period: '1h' as const } };
  expect(list([offer(totals, 2.5, { O: 2 }), half]).prices.map(({ period, price }) => [period, price])).toEqual([
    ['ft', 2],
    ['1h', 9],
  ]);
});

test('the same price said twice counts once', () => {
  expect(brief([offer(totals, 2.5, { O: 2 }), offer(totals, 2.5, { O: 2, U: 1.8 })])).toEqual([
    'over_under 2.5 over 2',
    'over_under 2.5 under 1.8',
  ]);
});

test('two different prices for the same thing are believed neither way', () => {
  const { prices, drifts } = list([
    offer(totals, 2.5, { O: 2 }),
    offer(totals, 2.5, { O: 2.1 }),
    offer(totals, 3.5, { O: 3 }),
  ]);
  expect(prices.map(({ line }) => line)).toEqual([3.5]);
  expect(drifts.map(({ problem }) => problem)).toEqual(['contradicts an earlier price']);
});

test('an event whose known markets all have become strange is drifted, and names the first', () => {
  expect(() => list([offer(totals, null, { O: 2 }), offer(asian, null, { '1': 2 })], 3)).toThrowError(
    expect.objectContaining({ kind: 'drifted', message: 'market over_under has no line' }),
  );
});

test('an event of which nothing is offered has no prices, which is no error', () => {
  expect(list([offer(winner, null, { '1': 1, X: 1, '2': 1 })]).prices).toEqual([]);
  expect(list([], 300).prices).toEqual([]);
});

test.each([
  ['2.40', 2.4],
  ['17', 17],
  [3.1, 3.1],
  ['-', Number.NaN],
  ['', Number.NaN],
  [' 2', Number.NaN],
  ['0x10', Number.NaN],
  ['2e3', Number.NaN],
  [null, Number.NaN],
  [undefined, Number.NaN],
])('the price %j is read as %d', (text, price) => {
  expect(readPrice(text)).toBe(price);
});

test.each([
  ['2.5', 2.5],
  ['-0.5', -0.5],
  ['-0', 0],
  [-0, 0],
  ['+1', 1],
  [-4, -4],
  ['0:1', null],
  ['', null],
  [Number.NaN, null],
  [undefined, null],
])('the line %j is read as %j', (text, line) => {
  expect(readLine(text)).toBe(line);
});

test('a market id that is a word of the language is not a market', () => {
  expect(bookMarket({ '1': winner }, 'constructor')).toBeUndefined();
  expect(bookMarket({ '1': winner }, '__proto__')).toBeUndefined();
  expect(bookMarket({ '1': winner }, '1')).toBe(winner);
});
