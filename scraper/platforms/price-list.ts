/** The rules every book's prices go through, whatever its answers look like. */
import { mergeDrifts, type Drift } from '../drift.ts';
import { drifted } from '../errors.ts';
import type { MarketKey, Period, Price } from '../result.ts';

/** One of our markets as a book knows it: market and period, and the book's outcome ids with what they mean. */
export interface BookMarket {
  market: MarketKey;
  period: Period;
  outcomes: Readonly<Record<string, string>>;
}

/** The whole match and its halves, in the order in which the books' tables of ids name them. */
export const periods = ['ft', '1h', '2h'] as const satisfies readonly Period[];

/** A book's markets by its own market id. */
export type BookMarkets = Readonly<Record<string, BookMarket>>;

/** One outcome as the book states it. `open` is false where a flag says suspended; `price` is NaN where none is given. */
export interface Offer {
  outcomeId: string;
  price: number;
  open: boolean;
}

/** One market at one line as the book states it. `path` names the kind of market in the answer, for the repairer. */
export interface MarketOffer {
  book: BookMarket;
  marketId: string;
  line: number | null;
  updatedAt: string | null;
  path: string;
  offers: readonly Offer[];
}

/** A market of ours that is there and cannot be read. */
export interface UnreadMarket {
  market: MarketKey;
  period: Period;
}

/** What an answer left out on purpose: outcomes nobody can bet on, and markets that are none of ours. */
export interface Skipped {
  notOffered: number;
  unknownMarket: number;
}

/** What one event's markets come to, with those that could not be read and why. */
export interface PriceList {
  prices: Price[];
  skipped: Skipped;
  unread: UnreadMarket[];
  drifts: Drift[];
  /** Many markets, and none of ours among them, not even a closed one. */
  foreign: boolean;
}

/** So many markets without one of ours are no coincidence: an event with twenty has had the winner of the match among them. */
const mostForeign = 20;

/** A book's markets as stated, and those whose shape did not fit to begin with. */
export interface StatedMarkets {
  markets: readonly MarketOffer[];
  unread?: readonly UnreadMarket[];
  drifts?: readonly Drift[];
  unknownMarket: number;
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
 * three books. Half a market is kept. A market with a shape, an outcome, a line or a contradiction we do not understand
 * is left out whole and told; when no price is left besides, the event is `drifted`.
 */
export function priceList({ markets, unread = [], drifts = [], unknownMarket }: StatedMarkets): PriceList {
  const read = new Map<string, Map<string, Price>>();
  const broken = new Map<string, MarketOffer>();
  const problems: { path: string; problem: string }[] = [];
  let notOffered = 0;

  for (const market of markets) {
    const key = `${market.book.market} ${market.book.period} ${market.line}`;
    const problem = layoutProblem(market);
    if (problem) {
      problems.push({ path: market.path, problem });
      broken.set(`${key} ${broken.size}`, market);
      continue;
    }
    const stated = read.get(key) ?? new Map<string, Price>();
    read.set(key, stated);
    for (const offer of market.offers) {
      if (!isOffered(offer)) {
        notOffered += 1;
        continue;
      }
      const price = toPrice(market, offer);
      const twin = stated.get(price.outcome);
      if (twin && twin.price !== price.price) {
        if (!broken.has(key)) problems.push({ path: market.path, problem: 'contradicts an earlier price' });
        broken.set(key, market);
      }
      stated.set(price.outcome, price);
    }
  }

  const prices = [...read].flatMap(([key, one]) => (broken.has(key) ? [] : [...one.values()]));
  const told = [...drifts, ...countProblems(problems, markets)];
  if (told[0] && prices.length === 0) throw drifted(told[0]);
  return {
    prices,
    skipped: { notOffered, unknownMarket },
    unread: [...unread, ...Array.from(broken.values(), ({ book: { market, period } }) => ({ market, period }))],
    drifts: told,
    foreign: markets.length === 0 && unread.length === 0 && unknownMarket >= mostForeign,
  };
}

/** Problems told of one answer: a hostile one has as many as it has markets. */
const mostTold = 20;

/** How many of the markets of one kind have the same problem, the most frequent first. */
function countProblems(
  problems: readonly { path: string; problem: string }[],
  markets: readonly MarketOffer[],
): Drift[] {
  const ofKind = new Map<string, number>();
  for (const { path } of markets) ofKind.set(path, (ofKind.get(path) ?? 0) + 1);
  const merged = mergeDrifts(problems.map((one) => ({ ...one, count: 1, of: 0 }))).slice(0, mostTold);
  return merged.map((drift) => ({ ...drift, of: ofKind.get(drift.path) ?? 0 }));
}

function layoutProblem({ book, line, offers }: MarketOffer): string | null {
  const stranger = offers.find((offer) => !Object.hasOwn(book.outcomes, offer.outcomeId));
  if (stranger) return `has an outcome we do not know: ${stranger.outcomeId.slice(0, 40)}`;
  if (Number.isNaN(line)) return 'has a line we cannot read';
  if (withLine.has(book.market) !== (line !== null)) return line === null ? 'has no line' : 'has a line';
  if (book.market === 'over_under' && line !== null && line <= 0) return `has a line of ${line} goals`;
  return null;
}

function isOffered(offer: Offer): boolean {
  return offer.open && Number.isFinite(offer.price) && offer.price > 1;
}

function toPrice({ book, line, marketId, updatedAt }: MarketOffer, offer: Offer): Price {
  return {
    market: book.market,
    period: book.period,
    line,
    outcome: book.outcomes[offer.outcomeId] ?? '',
    price: offer.price,
    sourceMarketId: marketId,
    sourceOutcomeId: offer.outcomeId,
    sourceUpdatedAt: updatedAt,
  };
}
