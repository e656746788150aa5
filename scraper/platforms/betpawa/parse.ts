/** From BetPawa's answers to events and prices. Pure; reads versions 4 and 3. */
import { ScrapeError } from '../../errors.ts';
import { parsedEvent, splitTitle, type ParsedEvent } from '../event-answer.ts';
import { bookMarket, priceList, readPrice, type BookMarket, type MarketOffer } from '../price-list.ts';
import { isoOrDrifted, readShape } from '../shape.ts';
import { lineOf, markets } from './markets.ts';
import { Event, Rows } from './schema.ts';

/** One event with its prices, from the answer of `events/{id}`. Throws `drifted`. */
export function parseEvent(answer: unknown, fetchedAt: Date): ParsedEvent {
  const event = readShape(Event, answer, '');
  if (event.category.id !== '2') throw new ScrapeError('drifted', 'category.id is not football');

  // An event without markets leaves them out; one that says it has some must bring them.
  if (!event.markets && Number(event.totalMarketCount) > 0) throw new ScrapeError('drifted', 'markets is missing');
  const raw = event.markets ?? [];
  const known = raw.flatMap(({ marketType, row }, index) => {
    const book = bookMarket(markets, marketType.id);
    return book ? marketOffers(book, marketType.id, row, `markets[${index}].row`) : [];
  });
  return parsedEvent(
    {
      platform: 'betpawa',
      country: 'ng',
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
    priceList(known, raw.filter(({ marketType }) => !bookMarket(markets, marketType.id)).length),
  );
}

function marketOffers(book: BookMarket, marketId: string, row: unknown, path: string): MarketOffer[] {
  return readShape(Rows, row, path).map((line, index) => ({
    book,
    marketId,
    line: lineOf(book.market, line),
    updatedAt: null,
    path: `${path}[${index}]`,
    offers: line.prices.map((price, at) => {
      const odds = price.odds ?? price.price;
      const open = price.suspended !== true;
      // A suspended price may be 0 and then left out; an open one without odds is a new shape.
      if (odds === undefined && open) {
        throw new ScrapeError('drifted', `${path}[${index}].prices[${at}].odds is missing`);
      }
      return { outcomeId: price.typeId, price: readPrice(odds), open };
    }),
  }));
}

/** Home is at position 1. Without participants the event's name has both; ` (n)` behind it means a neutral venue. */
function namesOf(event: Event): { home: string; away: string } {
  const at = (position: number) => event.participants?.find((one) => one.position === position)?.name;
  const [home, away] = [at(1), at(2)];
  const names = home && away ? { home, away } : splitTitle(event.name ?? '');
  if (!names) throw new ScrapeError('drifted', 'participants is missing');
  return { home: withoutVenue(names.home), away: withoutVenue(names.away) };
}

function withoutVenue(name: string): string {
  return name.trim().replace(/ \(n\)$/, '');
}

function widgetOf(event: Event, type: string): string | null {
  return event.widgets?.find((widget) => widget.type === type)?.id || null;
}
