/** From SportyBet's answers to events and prices. Pure. */
import { ScrapeError } from '../../errors.ts';
import { parsedEvent, type ParsedEvent } from '../event-answer.ts';
import { bookMarket, priceList, readPrice, type BookMarket, type MarketOffer } from '../price-list.ts';
import { isoOrDrifted, isoOrNull, readShape } from '../shape.ts';
import { lineOf, markets } from './markets.ts';
import { Envelope, Event, Market } from './schema.ts';

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

/** One event with its prices, from the answer of `factsCenter/event`. Throws `drifted`, `not_found` or `api_error`. */
export function parseEvent(answer: unknown, fetchedAt: Date, country = 'ng'): ParsedEvent {
  const event = readShape(Event, dataOf(answer, 'not_found'), 'data');
  const { category } = event.sport;
  if (event.sport.id !== 'sr:sport:1') throw new ScrapeError('drifted', 'data.sport.id is not football');

  const known = event.markets.flatMap((raw, index) => {
    const book = bookMarket(markets, raw.id);
    return book ? [marketOffer(book, raw, `data.markets[${index}]`)] : [];
  });
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
    priceList(known, event.markets.length - known.length),
  );
}

/** Suspension stands on the market (`status`) and on the outcome (`isActive`), both beside a plausible price. */
function marketOffer(book: BookMarket, raw: unknown, path: string): MarketOffer {
  const market = readShape(Market, raw, path);
  return {
    book,
    marketId: market.id,
    line: lineOf(book.market, market.specifier),
    updatedAt: market.lastOddsChangeTime ? isoOrNull(market.lastOddsChangeTime) : null,
    path,
    offers: market.outcomes.map(({ id, odds, isActive }) => ({
      outcomeId: id,
      price: readPrice(odds),
      open: market.status === 0 && isActive === 1,
    })),
  };
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
