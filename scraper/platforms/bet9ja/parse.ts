/** From Bet9ja's answers to events and prices. Pure. */
import { drifted, ScrapeError } from '../../errors.ts';
import { parsedEvent, splitTitle, type EventAnswer } from '../event-answer.ts';
import {
  bookMarket,
  priceList,
  readLine,
  readPrice,
  type MarketOffer,
  type Offer,
  type StatedMarkets,
  type UnreadMarket,
} from '../price-list.ts';
import { isoOrDrifted, isoOrNull, readEach, readShape } from '../shape.ts';
import { markets, splitKey } from './markets.ts';
import { Envelope, Event, EventSport, LiveEvent, OddsValue } from './schema.ts';

/** Soccer's id before a match, and while it is under way. */
const soccer: ReadonlySet<string> = new Set(['1', '3000001']);

/** The `D` of an answer that succeeded: R is OK (or D, which some versions send). E is "not found". */
export function dataOf(answer: unknown): unknown {
  const { R, D } = readShape(Envelope, answer, '');
  if (R === 'E') throw new ScrapeError('not_found', 'R is E');
  if (R !== 'OK' && R !== 'D') throw new ScrapeError('api_error', `R is ${R.slice(0, 40)}`);
  if (D === undefined || D === null) throw new ScrapeError('api_error', `R is ${R} without D`);
  return D;
}

interface Start {
  STARTDATE: string;
  STARTDATEUTC?: string | null;
}

/**
 * The kickoff in ISO. `STARTDATE` has no zone and is so many minutes ahead of UTC: none, as the same matches at two other
 * books show. A project of 2026 reads `STARTDATEUTC`, so that one wins where it comes.
 */
export function kickoffOf({ STARTDATE, STARTDATEUTC }: Start, path: string, offsetMinutes = 0): string {
  if (STARTDATEUTC) return isoOrDrifted(STARTDATEUTC, `${path}.STARTDATEUTC`);
  const local = Date.parse(isoOrDrifted(STARTDATE, `${path}.STARTDATE`));
  return isoOrDrifted(local - offsetMinutes * 60_000, `${path}.STARTDATE`);
}

/** What an answer of `GetEvent` (or, of a match under way, `GetLiveEvent`) comes to. Throws `drifted`, `not_found` or `api_error`. */
export function parseEvent(answer: unknown, fetchedAt: Date, offsetMinutes = 0): EventAnswer {
  const data = dataOf(answer);
  const live = LiveEvent.safeParse(data).data;
  const root = live ? 'D.AA' : 'D';
  const { SID, S } = readShape(EventSport, live?.AA ?? data, root);
  if (!soccer.has(SID)) return { kind: 'other_sport', sport: S ?? SID };
  const event = readShape(Event, live ? { ...live.AA, O: live.O } : data, root);
  const names = splitTitle(event.DS);
  if (!names) throw drifted({ path: `${root}.DS`, problem: 'is not two names' });
  return parsedEvent(
    {
      platform: 'bet9ja',
      country: 'ng',
      eventId: event.ID,
      sportradarId: event.EXTID || null,
      geniusId: null,
      ...names,
      competition: { id: event.GID ?? null, name: event.GN.trim(), country: event.SG?.trim() || null },
      kickoff: kickoffOf(event, root, offsetMinutes),
      live: live !== undefined,
      fetchedAt: fetchedAt.toISOString(),
    },
    priceList(statedMarkets(event.O)),
    remarksOf(event, offsetMinutes),
  );
}

/** There is no list of markets, only keys: those of one market and line are brought together first. */
function statedMarkets(odds: Record<string, unknown>): StatedMarkets {
  const keys = Object.keys(odds).map((key) => ({ key, parts: splitKey(key) }));
  const ours = keys.flatMap(({ key, parts }) => {
    const book = parts && bookMarket(markets, parts.market);
    return book ? [{ key, parts, book }] : [];
  });
  const unknown = keys.filter(({ parts }) => !parts || !bookMarket(markets, parts.market));
  const { read, drifts } = readEach(
    OddsValue,
    ours.map(({ key }) => odds[key]),
    'D.O[]',
  );
  const known = new Map<string, MarketOffer & { offers: Offer[] }>();
  const unread: UnreadMarket[] = [];
  for (const [index, { parts, book }] of ours.entries()) {
    const value = read[index];
    if (value === null || value === undefined) {
      unread.push({ market: book.market, period: book.period });
      continue;
    }
    const { marketId } = parts;
    const market = known.get(marketId) ?? {
      book,
      marketId,
      line: parts.line === null ? null : (readLine(parts.line) ?? Number.NaN),
      updatedAt: null,
      path: `market ${parts.market} (${book.market} ${book.period})`,
      offers: [],
    };
    known.set(marketId, market);
    market.offers.push({ outcomeId: parts.outcome, price: readPrice(value.odds), open: true });
  }
  const unknownMarket = new Set(unknown.map(({ key, parts }) => parts?.marketId ?? key)).size;
  return { markets: [...known.values()], unread, drifts, unknownMarket };
}

function remarksOf(event: Start, offsetMinutes: number): string[] {
  const utc = isoOrNull(event.STARTDATEUTC ?? '');
  const local = isoOrNull(event.STARTDATE);
  if (!utc || !local) return [];
  const ahead = (Date.parse(local) - Date.parse(utc)) / 60_000;
  if (ahead === offsetMinutes) return [];
  return [
    `STARTDATE is ${ahead} minutes ahead of STARTDATEUTC, which counts; sites.bet9ja.startDateOffsetMinutes says ${offsetMinutes}`,
  ];
}
