/** The rules every book's prices go through, whatever its answers look like. */
import { ScrapeError } from '../errors.ts';
import type { MarketKey, Price } from '../result.ts';

/** One of our markets as a book knows it: the market, and the book's outcome ids with what they mean. */
export interface BookMarket {
  market: MarketKey;
  outcomes: Readonly<Record<string, string>>;
}

/** A book's markets by its own market id. */
export type BookMarkets = Readonly<Record<string, BookMarket>>;

/** One outcome as the book states it. `open` is false where a flag says suspended; `price` is NaN where none is given. */
export interface Offer {
  outcomeId: string;
  price: number;
  open: boolean;
}

/** One market at one line as the book states it. `path` says where in the answer, for the repairer. */
export interface MarketOffer {
  book: BookMarket;
  marketId: string;
  line: number | null;
  updatedAt: string | null;
  path: string;
  offers: readonly Offer[];
}

/** What an answer left out on purpose: outcomes nobody can bet on, and markets that are none of ours. */
export interface Skipped {
  notOffered: number;
  unknownMarket: number;
}

/** What one event's markets come to. `layoutProblems` counts known markets that could not be understood. */
export interface PriceList {
  prices: Price[];
  skipped: Skipped;
  layoutProblems: number;
}

const withLine: ReadonlySet<MarketKey> = new Set<MarketKey>(['over_under', 'asian_handicap', 'european_handicap']);

/** The book's market with this id, or undefined; safe for ids such as `constructor`. */
export function bookMarket(markets: BookMarkets, id: string): BookMarket | undefined {
  return Object.hasOwn(markets, id) ? markets[id] : undefined;
}

/**
 * Decimal odds from a book's text or number; NaN for everything else (`-`, empty, absent), which reads as not offered.
 */
export function readPrice(value: string | number | null | undefined): number {
  if (typeof value === 'number') return value;
  return value && /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
}

/** A line from text or number: `2.5`, `-0.5`, `+1`; null when it is none. Never -0, so that 0 has one spelling. */
export function readLine(value: string | number | null | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  return value && /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) + 0 : null;
}

/**
 * Turns markets as stated into prices. A price counts when it is open and above 1: 1.00 and 0 mean "not offered" at all
 * three books. Half a market is kept. A market with an outcome, line or contradiction we do not understand is left out
 * whole and counted; when that is all an event has, the event is `drifted`.
 */
export function priceList(markets: readonly MarketOffer[], unknownMarket: number): PriceList {
  const read = new Map<string, Map<string, Price>>();
  const problems = new Map<string, string>();
  let notOffered = 0;

  for (const market of markets) {
    const key = `${market.book.market}|${market.line}`;
    const problem = layoutProblem(market);
    if (problem) {
      problems.set(`${key}|${market.path}`, problem);
      continue;
    }
    const prices = read.get(key) ?? new Map<string, Price>();
    read.set(key, prices);
    for (const offer of market.offers) {
      if (!isOffered(offer)) {
        notOffered += 1;
        continue;
      }
      const price = toPrice(market, offer);
      const twin = prices.get(price.outcome);
      if (twin && twin.price !== price.price) problems.set(key, `${market.path} contradicts an earlier price`);
      prices.set(price.outcome, price);
    }
  }

  const readable = [...read].filter(([key]) => !problems.has(key));
  const [firstProblem] = problems.values();
  if (firstProblem && readable.length === 0) throw new ScrapeError('drifted', firstProblem);
  return {
    prices: readable.flatMap(([, prices]) => [...prices.values()]),
    skipped: { notOffered, unknownMarket },
    layoutProblems: problems.size,
  };
}

function layoutProblem({ book, line, offers, path }: MarketOffer): string | null {
  const stranger = offers.find((offer) => !Object.hasOwn(book.outcomes, offer.outcomeId));
  if (stranger) return `${path} has an outcome we do not know: ${stranger.outcomeId.slice(0, 40)}`;
  if (Number.isNaN(line)) return `${path} has a line we cannot read`;
  if (withLine.has(book.market) !== (line !== null)) return `${path} ${line === null ? 'has no line' : 'has a line'}`;
  if (book.market === 'over_under' && line !== null && line <= 0) return `${path} has a line of ${line} goals`;
  return null;
}

function isOffered(offer: Offer): boolean {
  return offer.open && Number.isFinite(offer.price) && offer.price > 1;
}

function toPrice({ book, line, marketId, updatedAt }: MarketOffer, offer: Offer): Price {
  return {
    market: book.market,
    period: 'ft',
    line,
    outcome: book.outcomes[offer.outcomeId] ?? '',
    price: offer.price,
    sourceMarketId: marketId,
    sourceOutcomeId: offer.outcomeId,
    sourceUpdatedAt: updatedAt,
  };
}
