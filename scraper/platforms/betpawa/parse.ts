/** From BetPawa's answers to events and prices. Pure; reads versions 4 and 3. */
import { drifted } from '../../errors.ts';
import { parsedEvent, splitTitle, type EventAnswer } from '../event-answer.ts';
import {
  bookMarket,
  priceList,
  readPrice,
  type BookMarket,
  type MarketOffer,
  type StatedMarkets,
} from '../price-list.ts';
import { isoOrDrifted, readEach, readShape } from '../shape.ts';
import { lineOf, markets } from './markets.ts';
import { Event, EventSport, Rows, type Row } from './schema.ts';

/** What the answer depends on beside itself. */
export interface EventOptions {
  country: string;
  zeroLineLeftOut: boolean;
}

/** What an answer of `events/{id}` comes to. Throws `drifted`. */
export function parseEvent(
  answer: unknown,
  fetchedAt: Date,
  { country, zeroLineLeftOut }: EventOptions = { country: 'ng', zeroLineLeftOut: false },
): EventAnswer {
  const { category } = readShape(EventSport, answer, '');
  if (category.id !== '2') return { kind: 'other_sport', sport: category.name ?? category.id };
  const event = readShape(Event, answer, '');
  // An event without markets leaves them out; one that says it has some must bring them.
  if (!event.markets && Number(event.totalMarketCount) > 0) {
    throw drifted({ path: 'markets', problem: 'is missing' });
  }
  return parsedEvent(
    {
      platform: 'betpawa',
      country,
      eventId: event.id,
      sportradarId: widgetOf(event, 'SPORTRADAR'),
      geniusId: widgetOf(event, 'GENIUSSPORTS'),
      ...namesOf(event),
      competition: {
        id: event.competition.id ?? null,
        name: event.competition.name.trim(),
        country: event.region?.name?.trim() || null,
      },
      kickoff: isoOrDrifted(event.startTime, 'startTime'),
      live: event.additionalInfo?.live === true,
      fetchedAt: fetchedAt.toISOString(),
    },
    priceList(statedMarkets(event.markets ?? [], zeroLineLeftOut)),
  );
}

/** Each row of one of our markets is a market at one line. */
function statedMarkets(all: NonNullable<Event['markets']>, zeroLineLeftOut: boolean): StatedMarkets {
  const ours = all.flatMap(({ marketType, row }) => {
    const book = bookMarket(markets, marketType.id);
    return book ? [{ row, book, id: marketType.id }] : [];
  });
  const { read, drifts } = readEach(
    Rows,
    ours.map(({ row }) => row),
    'markets[].row',
  );
  return {
    markets: ours.flatMap(({ book, id }, index) =>
      (read[index] ?? []).map((row) => marketOffer(book, id, row, zeroLineLeftOut)),
    ),
    unread: ours.flatMap(({ book }, index) => (read[index] ? [] : [{ market: book.market, period: book.period }])),
    drifts,
    unknownMarket: all.length - ours.length,
  };
}

function marketOffer(book: BookMarket, id: string, row: Row, zeroLineLeftOut: boolean): MarketOffer {
  return {
    book,
    marketId: id,
    line: lineOf(book.market, row, zeroLineLeftOut),
    updatedAt: null,
    path: `market ${id} (${book.market} ${book.period})`,
    offers: row.prices.map(({ typeId, odds, price, suspended }) => ({
      outcomeId: typeId,
      price: readPrice(odds ?? price),
      open: suspended !== true,
    })),
  };
}

/** Home is at position 1. Without participants the event's name has both; ` (n)` behind it means a neutral venue. */
function namesOf(event: Event): { home: string; away: string } {
  const at = (position: number) => event.participants?.find((one) => one.position === position)?.name;
  const [home, away] = [at(1), at(2)];
  const names = home && away ? { home, away } : splitTitle(event.name ?? '');
  if (!names) throw drifted({ path: 'participants', problem: 'is missing' });
  return { home: withoutVenue(names.home), away: withoutVenue(names.away) };
}

function withoutVenue(name: string): string {
  return name.trim().replace(/ \(n\)$/, '');
}

function widgetOf(event: Event, type: string): string | null {
  return event.widgets?.find((widget) => widget.type === type)?.id || null;
}
