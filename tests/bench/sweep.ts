/** What a sweep of a book brings: 1,300 matches of a hundred prices. */
import type { EventOdds, Price } from '#scraper/result.ts';
import { anEvent, aPrice } from '../helpers/odds.ts';

const matches = 1_300;

/** Prices of each match. */
export const pricesEach = 100;

/** The answers of sweep `number`; from sweep 1 on, every `moved`th price is another one. */
export function sweep(number: number, moved = 0): EventOdds[] {
  return Array.from({ length: matches }, (_, match) => {
    const prices = Array.from({ length: pricesEach }, (__, index): Price => {
      const up = moved > 0 && (match + index) % moved === 0 ? number / 100 : 0;
      return aPrice({
        market: 'over_under',
        line: Math.floor(index / 2) / 2,
        outcome: index % 2 ? 'over' : 'under',
        price: 1.5 + index / 50 + up,
      });
    });
    return anEvent(`sr:match:${10_000 + match}`, prices, { sportradarId: String(10_000 + match) });
  });
}
