/** Events and prices as a platform yields them, one of each kind; whoever uses them says what is different. */
import type { EventOdds, Price } from '#scraper/result.ts';

/** A price of 1X2; change what the test is about. */
export function aPrice(change: Partial<Price> = {}): Price {
  return {
    market: '1x2',
    period: 'ft',
    line: null,
    outcome: 'home',
    price: 1.85,
    sourceMarketId: '1',
    sourceOutcomeId: '1',
    sourceUpdatedAt: null,
    ...change,
  };
}

/** An event of sportybet without ids of others, so that it is a match of its own. */
export function anEvent(eventId: string, prices: Price[] = [], change: Partial<EventOdds> = {}): EventOdds {
  return {
    kind: 'odds',
    platform: 'sportybet',
    country: 'ng',
    eventId,
    sportradarId: null,
    geniusId: null,
    event: 'Arsenal - Chelsea',
    home: 'Arsenal',
    away: 'Chelsea',
    sport: 'football',
    competition: { id: 'sr:tournament:17', name: 'Premier League', country: 'England' },
    kickoff: '2026-11-24T19:45:00.000Z',
    live: false,
    fetchedAt: '2026-11-23T12:00:00.000Z',
    prices,
    ...change,
  };
}
