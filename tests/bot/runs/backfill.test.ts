import { describe, expect, it } from 'vitest';
import { MOST_LISTINGS, planBackfill } from '#bot/runs/backfill.ts';

const offered = new Map([
  ['bet9ja', []],
  ['bringatrailer', ['images', 'vin', 'mileage']],
]);
const plan = (platform: string, what: string, listings: number | null = null) =>
  planBackfill({ platform, what, listings }, offered);

describe('a backfill', () => {
  it('takes fifty listings at a time when images have to be asked for, and all it may of what is kept', () => {
    expect(plan('bringatrailer', 'images')).toEqual({
      kind: 'start',
      platform: 'bringatrailer',
      what: 'images',
      most: 50,
    });
    expect(plan('bringatrailer', 'vin')).toMatchObject({ most: MOST_LISTINGS });
  });

  it('takes as many as are asked for, within bounds', () => {
    expect(plan('bringatrailer', 'images', 25)).toMatchObject({ most: 25 });
    expect(plan('bringatrailer', 'images', 100_000)).toMatchObject({ most: MOST_LISTINGS });
  });

  it('of a platform that there is not is refused with the one that was meant', () => {
    expect(plan('bringatrailor', 'images')).toEqual({
      kind: 'refused',
      reason: {
        kind: 'unknown_platform',
        platform: 'bringatrailor',
        known: ['bet9ja', 'bringatrailer'],
        nearest: 'bringatrailer',
      },
    });
  });

  it('of a platform that has none is refused with those that have', () => {
    expect(plan('bet9ja', 'images')).toEqual({
      kind: 'refused',
      reason: { kind: 'no_backfills', platform: 'bet9ja', others: ['bringatrailer'] },
    });
  });

  it('of what cannot be made up for is refused with what can', () => {
    expect(plan('bringatrailer', 'milage')).toEqual({
      kind: 'refused',
      reason: {
        kind: 'unknown_backfill',
        platform: 'bringatrailer',
        what: 'milage',
        known: ['images', 'vin', 'mileage'],
        nearest: 'mileage',
      },
    });
  });
});
