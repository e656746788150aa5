import { describe, expect, test } from 'vitest';
import type { ParsedEvent } from '#scraper/platforms/event-answer.ts';
import { captures, parsers } from '../../helpers/captures.ts';
import { football } from './football.ts';
import { isSourced, rawOffers } from './raw-offers.ts';

function told({ event }: ParsedEvent): string[] {
  return event.prices.map((one) => `${one.market} ${one.period} ${one.line} ${one.outcome} ${one.price}`);
}

describe.skipIf(captures.length === 0)('real answers', () => {
  test.each(captures)('$book $file: exactly what is offered, and nothing else', ({ book, live, read, parse }) => {
    const parsed = football(parse());
    const raw = rawOffers[book](read());
    expect(told(parsed).toSorted()).toEqual(raw.offers.toSorted());
    expect(new Set(told(parsed)).size).toBe(parsed.event.prices.length);
    expect(parsed.skipped.notOffered).toBe(raw.closed);
    expect(parsed.said).toEqual([]);
    expect(parsed.event.live).toBe(live);
    expect(parsed.event.prices.every((price) => price.price > 1 && isSourced(book, read(), price))).toBe(true);
    if (live) expect(parsed.event.prices).toEqual([]);
    else expect(parsed.event.prices.filter(({ period }) => period === 'ft').length).toBeGreaterThanOrEqual(30);
  });

  test.each(captures)('$book $file: the other books refuse it in words of ours', ({ book, read }) => {
    for (const [other, parse] of Object.entries(parsers)) {
      if (other === book) continue;
      expect(() => parse(read(), new Date(0))).toThrowError(expect.objectContaining({ kind: 'drifted' }));
    }
  });

  test('halves are there, at every book', () => {
    const before = captures.filter(({ live }) => !live).map(({ parse }) => football(parse()));
    for (const { event } of before) {
      for (const period of ['1h', '2h']) {
        expect(
          new Set(event.prices.filter((one) => one.period === period).map(({ market }) => market)).size,
        ).toBeGreaterThanOrEqual(6);
      }
    }
  });
});
