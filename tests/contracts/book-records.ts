/** What a book's records have to say of the matches that all demo sites sell. */
import { expect } from 'vitest';
import type { ScrapedRecord } from '#scraper/result.ts';
import { hostileName, quote, type DemoSiteId, type DemoSites } from '../demo-sites/index.ts';

/** Every match, with exactly the prices that are open, under the names as they are printed. */
export function expectMatches(id: DemoSiteId): (records: readonly ScrapedRecord[], demo: DemoSites) => void {
  return (records, demo) => {
    const events = records.filter((record) => record.kind === 'odds');
    for (const match of demo.world.matches) {
      const open = match.markets.flatMap((market) =>
        market.outcomes.flatMap((one) => {
          const { price, state } = quote(demo.world, id, match, market, one);
          return state === 'open' ? [told({ ...market, outcome: one.outcome, price })] : [];
        }),
      );
      const record = events.find(({ sportradarId }) => sportradarId === match.sportradarId);
      expect(record?.prices.map(told).toSorted()).toEqual(open.toSorted());
      expect(record).toMatchObject({
        platform: id,
        home: match.home,
        away: match.away,
        competition: { name: match.group.name, country: match.group.country },
        kickoff: match.kickoff.toISOString(),
      });
    }
    expect(events.filter(({ home }) => home === hostileName)).toHaveLength(1);
  };
}

function told(one: { market: string; period: string; line: number | null; outcome: string; price: number }): string {
  return `${one.market} ${one.period} ${one.line} ${one.outcome} ${one.price}`;
}
