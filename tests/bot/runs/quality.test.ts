import { describe, expect, it } from 'vitest';
import { coverageOf, doubtOf, type QualityTerms } from '#bot/runs/quality.ts';

const terms: QualityTerms = { minItems: 0, minOfUsual: 0.5, fields: {} };
const same = (count: number) => ({ found: count, delivered: count });
const days = (...counts: number[]) => counts.map(same);

describe('a delivery', () => {
  it('of nothing is doubtful, however it came to nothing and whatever was before', () => {
    expect(doubtOf({ found: 48, delivered: 0 }, {}, [], terms)).toEqual({ kind: 'nothing', found: 48 });
    expect(doubtOf({ found: 0, delivered: 0 }, {}, days(0, 0), terms)).toEqual({ kind: 'nothing', found: 0 });
  });

  it('is believed from half of the usual on, and doubted below', () => {
    const history = days(412, 10, 420, 400, 430);
    expect(doubtOf(same(206), {}, history, terms)).toBeNull();
    const doubt = { kind: 'less_than_usual', measured: 'found', count: 205, usual: 412, jobs: 5 };
    expect(doubtOf(same(205), {}, history, terms)).toEqual(doubt);
  });

  it('is believed when there is nothing to compare with, or nothing is to be compared', () => {
    expect(doubtOf(same(1), {}, [], terms)).toBeNull();
    expect(doubtOf(same(1), {}, days(400), { ...terms, minOfUsual: 0 })).toBeNull();
  });

  it('is compared with the newest seven only, and with the mean of the middle two of an even number', () => {
    const seven = days(10, 10, 10, 10, 10, 10, 10);
    expect(doubtOf(same(6), {}, [...seven, ...days(900, 900, 900, 900, 900, 900, 900, 900)], terms)).toBeNull();
    expect(doubtOf(same(14), {}, days(20, 40), terms)).toMatchObject({ usual: 30 });
    expect(doubtOf(same(15), {}, days(20, 40), terms)).toBeNull();
  });

  it('is doubtful when most of what was listed was gone, though the list was as long as ever', () => {
    const doubt = doubtOf({ found: 400, delivered: 100 }, {}, days(400, 410), terms);
    expect(doubt).toMatchObject({ measured: 'delivered', count: 100 });
  });

  it('below the set minimum is doubtful from the first run on', () => {
    const doubt = { kind: 'below_minimum', count: 99, least: 100 };
    expect(doubtOf(same(99), {}, [], { ...terms, minItems: 100 })).toEqual(doubt);
    expect(doubtOf(same(100), {}, [], { ...terms, minItems: 100 })).toBeNull();
  });

  it('is doubtful when a watched field is filled too seldom', () => {
    const watching = { ...terms, fields: { sportradarId: 0.5 } };
    const doubt = { kind: 'field_missing', field: 'sportradarId', filled: 4, records: 10, least: 0.5 };
    expect(doubtOf(same(10), { '*': 10, sportradarId: 4 }, [], watching)).toEqual(doubt);
    expect(doubtOf(same(10), { '*': 10, sportradarId: 5 }, [], watching)).toBeNull();
    expect(doubtOf(same(10), { '*': 10 }, [], watching)).toMatchObject({ filled: 0 });
  });
});

describe('the coverage of records', () => {
  it('counts what is filled: not null, not empty, and nothing that only looks like a field', () => {
    const records = [
      { name: 'a', prices: [1], live: false },
      { name: '', prices: [], live: null },
    ];
    const counts = { '*': 2, name: 1, prices: 1, live: 1, other: 0, toString: 0 };
    expect(coverageOf(records, ['name', 'prices', 'live', 'other', 'toString'])).toEqual(counts);
  });
});
