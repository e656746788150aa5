import { expect, test } from 'vitest';
import { digestOf } from '#db/odds-digest.ts';
import type { Price } from '#scraper/result.ts';
import { aPrice as price } from '../helpers/odds.ts';

const of = (...prices: Price[]) => digestOf({ prices });
const over = price({ market: 'over_under', line: 2.5, outcome: 'over', sourceUpdatedAt: '2026-11-23T12:00:00.000Z' });

const changes: Partial<Price>[] = [
  { market: 'btts' },
  { period: '1h' },
  { line: 0 },
  { line: null },
  { line: -2.5 },
  { outcome: 'under' },
  { price: 1.8500000000000003 },
  { sourceMarketId: '2' },
  { sourceOutcomeId: '2' },
  { sourceUpdatedAt: null },
  { sourceUpdatedAt: '2026-11-23T12:00:00.001Z' },
];

test.each(changes)('another %j is another hash', (change) => {
  expect(of(price(), { ...over, ...change })).not.toBe(of(price(), over));
});

test('the order of prices makes no difference; one more, one less or none does', () => {
  expect(of(over, price())).toBe(of(price(), over));
  expect(new Set([of(), of(price()), of(over), of(price(), over)]).size).toBe(4);
});

test('of a price that is named twice the last is what counts, as it is stored', () => {
  expect(of({ ...over, price: 9 }, price(), over)).toBe(of(price(), over));
});

test('one moment, however it is written, and text as Postgres holds it, come to the same', () => {
  expect(of({ ...over, sourceUpdatedAt: '2026-11-23T13:00:00+01:00' })).toBe(of(over));
  expect(of({ ...over, sourceMarketId: 'a\0' })).toBe(of({ ...over, sourceMarketId: 'a\ufffd' }));
  expect(of({ ...over, line: -0 })).toBe(of({ ...over, line: 0 }));
});

test('no id can pass for the rest of its line, or for a line of its own', () => {
  const ids = (sourceMarketId: string, sourceOutcomeId: string) => price({ sourceMarketId, sourceOutcomeId });
  expect(of(ids('a 1:b', 'c'))).not.toBe(of(ids('a', 'b 1:c')));
  const line = '1x2 ft  draw 2  1:m 1:o';
  const two = [ids('m', 'o'), price({ outcome: 'draw', price: 2, sourceMarketId: 'm', sourceOutcomeId: 'o' })];
  expect(of(...two)).not.toBe(of(ids('m', `o\n${line}`)));
});

test('where a market could not be read there is no hash: what stays of it is not in the answer', () => {
  expect(digestOf({ prices: [price()], unread: [{ market: 'btts', period: 'ft' }] })).toBeNull();
});
