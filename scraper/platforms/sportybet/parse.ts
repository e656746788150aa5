/** From SportyBet's answers to events and prices. Pure. */
import { ScrapeError } from '../../errors.ts';
import { parsedEvent, type EventAnswer } from '../event-answer.ts';
import {
  bookMarket,
  priceList,
  readPrice,
  type BookMarket,
  type MarketOffer,
  type StatedMarkets,
} from '../price-list.ts';
import { isoOrDrifted, isoOrNull, readEach, readShape } from '../shape.ts';
import { lineOf, markets } from './markets.ts';
import { Envelope, Event, EventSport, Market } from './schema.ts';

/** An event id that starts like this carries a Genius id, not a Sportradar one. */
const geniusPrefix = '1111111';

/**
 * The `data` of an answer that succeeded, which is bizCode 10000 exactly. `missing` says what 19000 means to the
 * asker: about an event it is an unknown id, about a list an error of the site.
 */
export function dataOf(answer: unknown, missing: 'not_found' | 'api_error'): unknown {
  const { bizCode, data } = readShape(Envelope, answer, '');
  if (bizCode === 19000) throw new ScrapeError(missing, 'bizCode 19000');
  if (bizCode !== 10000) throw new ScrapeError('api_error', `bizCode ${bizCode}`);
  if (data === undefined || data === null) throw new ScrapeError('api_error', 'bizCode 10000 without data');
  return data;
}

/** What an answer of `factsCenter/event` comes to. Throws `drifted`, `not_found` or `api_error`. */
export function parseEvent(answer: unknown, fetchedAt: Date, country = 'ng'): EventAnswer {
  const data = dataOf(answer, 'not_found');
  const { sport } = readShape(EventSport, data, 'data');
  if (sport.id !== 'sr:sport:1') return { kind: 'other_sport', sport: sport.id };
  const event = readShape(Event, data, 'data');
  const { category } = event.sport;
  return parsedEvent(
    {
      platform: 'sportybet',
      country,
      eventId: event.eventId,
      ...idsOf(event),
      home: event.homeTeamName,
      away: event.awayTeamName,
      competition: {
        id: category.tournament.id ?? null,
        name: category.tournament.name.trim(),
        country: category.name?.trim() || null,
      },
      kickoff: isoOrDrifted(event.estimateStartTime, 'data.estimateStartTime'),
      live: event.status === 1,
      fetchedAt: fetchedAt.toISOString(),
    },
    priceList(statedMarkets(event.markets)),
    remarksOf(event),
  );
}

/** Our markets are looked at whole, the hundreds of others not at all. */
function statedMarkets(all: Event['markets']): StatedMarkets {
  const ours = all.flatMap((raw) => {
    const book = bookMarket(markets, String(raw.id));
    return book ? [{ raw, book }] : [];
  });
  const { read, drifts } = readEach(
    Market,
    ours.map(({ raw }) => raw),
    'data.markets[]',
  );
  return {
    markets: ours.flatMap(({ book }, index) => {
      const market = read[index];
      return market ? [marketOffer(book, market)] : [];
    }),
    unread: ours.flatMap(({ book }, index) => (read[index] ? [] : [{ market: book.market, period: book.period }])),
    drifts,
    unknownMarket: all.length - ours.length,
  };
}

/** Suspension stands on the market (`status`) and on the outcome (`isActive`), both beside a plausible price. */
function marketOffer(book: BookMarket, market: Market): MarketOffer {
  return {
    book,
    marketId: market.id,
    line: lineOf(book.market, market.specifier),
    updatedAt: market.lastOddsChangeTime ? isoOrNull(market.lastOddsChangeTime) : null,
    path: `market ${market.id} (${book.market} ${book.period})`,
    offers: market.outcomes.map(({ id, odds, isActive }) => ({
      outcomeId: id,
      price: readPrice(odds),
      open: market.status === 0 && isActive === 1,
    })),
  };
}

/** What nobody has evidence of yet: sources beside Sportradar and Genius, and states beside active and suspended. */
function remarksOf({ eventSource, markets: all }: Event): string[] {
  const sources = [eventSource?.preMatchSource, eventSource?.liveSource].map((source) => source?.sourceType);
  const known: unknown[] = [undefined, null, 'BET_RADAR', 'BET_GENIUS'];
  const states = all.map(({ status }) => status).filter((status) => typeof status === 'number' && status > 1);
  return [
    ...(sources.every((source) => known.includes(source)) ? [] : ['an event has a source that is not known']),
    ...(states.length > 0 ? ['a market has a state beside 0 and 1; it counts as not offered'] : []),
  ];
}

function idsOf(event: Event): { sportradarId: string | null; geniusId: string | null } {
  const digits = /^sr:match:(\d+)$/.exec(event.eventId)?.[1];
  const sources = [event.eventSource?.preMatchSource, event.eventSource?.liveSource];
  const genius = sources.find((source) => source?.sourceType === 'BET_GENIUS')?.sourceId;
  if (digits?.startsWith(geniusPrefix)) return { sportradarId: null, geniusId: bareGeniusId(genius ?? digits) };
  return { sportradarId: digits ?? null, geniusId: genius ? bareGeniusId(genius) : null };
}

function bareGeniusId(id: string): string {
  return id.startsWith(geniusPrefix) ? id.slice(geniusPrefix.length) : id;
}
