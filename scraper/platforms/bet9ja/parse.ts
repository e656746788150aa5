/** From Bet9ja's answers to events and prices. Pure. */
import { ScrapeError } from '../../errors.ts';
import { parsedEvent, splitTitle, type ParsedEvent } from '../event-answer.ts';
import {
  bookMarket,
  priceList,
  readLine,
  readPrice,
  type MarketOffer,
  type Offer,
  type PriceList,
} from '../price-list.ts';
import { isoOrDrifted, readShape } from '../shape.ts';
import { markets, splitKey } from './markets.ts';
import { Envelope, Event, OddsValue } from './schema.ts';

/** The `D` of an answer that succeeded: R is OK (or D, which some versions send). E is "not found". */
export function dataOf(answer: unknown): unknown {
  const { R, D } = readShape(Envelope, answer, '');
  if (R === 'E') throw new ScrapeError('not_found', 'R is E');
  if (R !== 'OK' && R !== 'D') throw new ScrapeError('api_error', `R is ${R.slice(0, 40)}`);
  if (D === undefined || D === null) throw new ScrapeError('api_error', `R is ${R} without D`);
  return D;
}

/**
 * The kickoff in ISO. `STARTDATE` has no zone and is UTC, as the same matches at two other books show; a project of
 * 2026 reads `STARTDATEUTC`, so that one wins where it comes.
 */
export function kickoffOf(event: { STARTDATE: string; STARTDATEUTC?: string | null }, path: string): string {
  return isoOrDrifted(event.STARTDATEUTC || event.STARTDATE, `${path}.STARTDATE`);
}

/** One event with its prices, from the answer of `GetEvent`. Throws `drifted`, `not_found` or `api_error`. */
export function parseEvent(answer: unknown, fetchedAt: Date): ParsedEvent {
  const event = readShape(Event, dataOf(answer), 'D');
  if (event.SID !== '1') throw new ScrapeError('drifted', 'D.SID is not soccer');
  const names = splitTitle(event.DS);
  if (!names) throw new ScrapeError('drifted', 'D.DS is not two names');
  return parsedEvent(
    {
      platform: 'bet9ja',
      country: 'ng',
      eventId: event.ID,
      sportradarId: event.EXTID || null,
      geniusId: null,
      ...names,
      competition: { id: event.GID ?? null, name: event.GN.trim(), country: event.SG?.trim() || null },
      kickoff: kickoffOf(event, 'D'),
      live: false,
      fetchedAt: fetchedAt.toISOString(),
    },
    pricesOf(event.O),
  );
}

/** There is no list of markets, only keys: those of one market and line are brought together first. */
function pricesOf(odds: Record<string, unknown>): PriceList {
  const known = new Map<string, MarketOffer & { offers: Offer[] }>();
  const unknown = new Set<string>();
  for (const [key, value] of Object.entries(odds)) {
    const parts = splitKey(key);
    const book = parts && bookMarket(markets, parts.market);
    if (!parts || !book) {
      unknown.add(parts?.marketId ?? key);
      continue;
    }
    const { marketId } = parts;
    const market = known.get(marketId) ?? {
      book,
      marketId,
      line: parts.line === null ? null : (readLine(parts.line) ?? Number.NaN),
      updatedAt: null,
      path: `D.O.${marketId}`,
      offers: [],
    };
    known.set(marketId, market);
    const price = readPrice(readShape(OddsValue, value, `D.O.${key}`));
    market.offers.push({ outcomeId: parts.outcome, price, open: true });
  }
  return priceList([...known.values()], unknown.size);
}
