/** A book that numbers its markets anew still answers in the same shape: that must not pass for “nothing is offered”. */
import { describe, expect, test } from 'vitest';
import { parseEvent as bet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { parseEvent as betpawa } from '#scraper/platforms/betpawa/index.ts';
import { parseEvent as sportybet } from '#scraper/platforms/sportybet/index.ts';
import { readFixture } from '../../fixtures/read-fixture.ts';
import { football } from './football.ts';

const at = new Date('2026-12-05T09:00:00Z');

function some<Part>(count: number, part: (index: number) => Part): Part[] {
  return Array.from({ length: count }, (_, index) => part(index));
}

const outcomes = [{ id: '1', odds: '2.00', isActive: 1 }];
const sporty = (id: string, isActive = 1) => ({ id, status: 0, outcomes: [{ ...outcomes[0], isActive }] });
const pawa = (id: string, suspended = false) => ({
  marketType: { id },
  row: [{ prices: [{ typeId: '3744', odds: 2, suspended }] }],
});

/** What a book answers before a match (or during it) with so many markets that nobody knows, and with a closed one of ours. */
const books = [
  {
    book: 'sportybet',
    read: (count: number, { live = false, ours = false } = {}) =>
      sportybet(
        readFixture('sportybet/event.90000001.json', {
          'data.status': live ? 1 : 0,
          'data.markets': [...some(count, (index) => sporty(`9${index}9`)), ...(ours ? [sporty('1', 0)] : [])],
        }),
        at,
      ),
  },
  {
    book: 'betpawa',
    read: (count: number, { live = false, ours = false } = {}) =>
      betpawa(
        readFixture('betpawa/event.v4.40000001.json', {
          'additionalInfo.live': live,
          markets: [...some(count, (index) => pawa(`9${index}9`)), ...(ours ? [pawa('3743', true)] : [])],
        }),
        at,
      ),
  },
  {
    book: 'bet9ja',
    read: (count: number, { live = false, ours = false } = {}) => {
      const odds = {
        ...Object.fromEntries(some(count, (index) => [`S_NEW${index}_1`, '2'])),
        ...(ours && { S_1X2_1: '1' }),
      };
      if (live) return bet9ja(readFixture('bet9ja/GetLiveEvent.9000001.suspended.json', { 'D.O': odds }), at);
      return bet9ja(readFixture('bet9ja/GetEvent.800000001.json', { 'D.O': odds }), at);
    },
  },
];

describe.each(books)('$book, with markets of which none is ours', ({ read }) => {
  test('is drift before a match when they are many', () => {
    const message = 'the list of markets holds none that we know';
    expect(() => read(20)).toThrowError(expect.objectContaining({ kind: 'drifted', message }));
  });

  test('offers nothing when they are few, when one of ours is there and closed, and during a match', () => {
    for (const answer of [read(19), read(20, { ours: true }), read(20, { live: true })]) {
      expect(football(answer).event.prices).toEqual([]);
    }
  });
});
