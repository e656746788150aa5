/**
 * Real answers of the three books, kept outside the project: one folder per book in the folder that CAPTURES_DIR
 * names. Without it these tests are skipped, and the fixtures in the real shape have to do.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ScrapeError } from '#scraper/errors.ts';
import type { ParsedEvent } from '#scraper/platforms/event-answer.ts';
import { parseEvent as parseBet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { parseEvent as parseBetpawa } from '#scraper/platforms/betpawa/index.ts';
import { parseEvent as parseSportybet } from '#scraper/platforms/sportybet/index.ts';
import { bet9jaOffers, betpawaOffers, sportybetOffers } from './raw-offers.ts';

const books = {
  sportybet: { parse: parseSportybet, offers: sportybetOffers },
  bet9ja: { parse: parseBet9ja, offers: bet9jaOffers },
  betpawa: { parse: parseBetpawa, offers: betpawaOffers },
};

const folder = process.env['CAPTURES_DIR'] || resolve(import.meta.dirname, '../../../../shared/captures');
const at = new Date('2026-05-06T09:00:00Z');

const captures = Object.entries(books).flatMap(([book, { parse, offers }]) => {
  const path = resolve(folder, book);
  const files = existsSync(path) ? readdirSync(path).filter((file) => file.endsWith('.json')) : [];
  return files.map((file) => {
    const read = () => JSON.parse(readFileSync(resolve(path, file), 'utf8')) as unknown;
    return { book, file, live: file.toLowerCase().includes('live'), read, parse, offers };
  });
});

/** The seven markets are of the whole match, so that a price needs no more than this to be told from another. */
function told({ event }: ParsedEvent): string[] {
  return event.prices.map(({ market, line, outcome, price }) => `${market} ${line} ${outcome} ${price}`);
}

if (captures.length === 0) {
  console.info(
    'Skipped: no real answers to check against. CAPTURES_DIR has to name a folder with one folder per book.',
  );
}

describe.skipIf(captures.length === 0)('real answers', () => {
  const beforeMatch = captures.filter(({ live }) => !live);
  const sameMatch = beforeMatch.filter(({ file }) => file.includes('68995116'));

  test.each(beforeMatch)('$book $file: exactly what is offered, and nothing else', ({ read, parse, offers }) => {
    const parsed = parse(read(), at);
    const raw = offers(read());
    expect(told(parsed).toSorted()).toEqual(raw.offers.toSorted());
    expect(new Set(told(parsed)).size).toBe(parsed.event.prices.length);
    expect(parsed.event.prices.length).toBeGreaterThanOrEqual(30);
    expect(parsed.skipped.notOffered).toBe(raw.closed);
    expect(parsed.layoutProblems).toBe(0);
    expect(parsed.event.prices.every(({ period, price }) => period === 'ft' && price > 1)).toBe(true);
  });

  test.each(captures.filter(({ live }) => live))('$book $file: a match under way sells nothing', ({ read, parse }) => {
    try {
      expect(parse(read(), at).event).toMatchObject({ live: true, prices: [] });
    } catch (error) {
      expect(error).toBeInstanceOf(ScrapeError);
    }
  });

  test.each(captures)('$book $file: the other books refuse it in words of ours', ({ book, read }) => {
    for (const [other, { parse }] of Object.entries(books)) {
      if (other === book) continue;
      expect(() => parse(read(), at)).toThrowError(expect.objectContaining({ kind: 'drifted' }));
    }
  });

  test('the three books mean the same match and the same kickoff', () => {
    const events = sameMatch.map(({ read, parse }) => parse(read(), at).event);
    expect(events.map(({ platform }) => platform)).toEqual(['sportybet', 'bet9ja', 'betpawa']);
    for (const event of events) {
      expect(event).toMatchObject({ sportradarId: '68995116', kickoff: '2026-05-06T11:00:00.000Z', live: false });
    }
  });

  test('the three books agree about the prices of that match', () => {
    const byOutcome = new Map<string, number[]>();
    for (const { read, parse } of sameMatch) {
      for (const { market, line, outcome, price } of parse(read(), at).event.prices) {
        // Bet9ja alone is a quarter lower on the draws of European handicaps, which is its pricing and not our reading.
        if (market === 'european_handicap' && outcome === 'draw') continue;
        const key = `${market} ${line} ${outcome}`;
        byOutcome.set(key, [...(byOutcome.get(key) ?? []), price]);
      }
    }
    const shared = [...byOutcome].filter(([, prices]) => prices.length === 3);
    const apart = shared.map(([key, prices]) => {
      const [least, most] = [Math.min(...prices), Math.max(...prices)];
      return { key, least, difference: most / least - 1 };
    });
    expect(shared.length).toBeGreaterThanOrEqual(20);
    expect(
      apart.map(({ difference }) => difference).toSorted((a, b) => a - b)[Math.floor(apart.length / 2)],
    ).toBeLessThan(0.05);
    expect(apart.filter(({ least, difference }) => least < 5 && difference >= 0.08)).toEqual([]);
  });
});
