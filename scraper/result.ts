/** The records a platform yields and what a scrape of one platform comes to. */
import type { Failure } from './errors.ts';

export type MarketKey =
  '1x2' | 'over_under' | 'btts' | 'double_chance' | 'draw_no_bet' | 'asian_handicap' | 'european_handicap';

export type Period = 'ft' | '1h' | '2h';

/** One offered price. Not-offered outcomes (suspended, dead, 1.00) give no Price at all. */
export interface Price {
  market: MarketKey;
  period: Period;
  /** Totals: goals. Handicaps: seen from home (-0.5 = home gives half a goal). Null where the market has none; 0 is a line. */
  line: number | null;
  /** Closed set per market: home|draw|away, over|under, yes|no, home_draw|home_away|draw_away. */
  outcome: string;
  /** Decimal odds, finite and above 1. */
  price: number;
  /** The book's own ids, verbatim. */
  sourceMarketId: string;
  sourceOutcomeId: string;
  /** ISO UTC; only where the book says so (sportybet). */
  sourceUpdatedAt: string | null;
}

/** One match at one book with every price it offers there in our seven markets. */
export interface EventOdds {
  kind: 'odds';
  platform: string;
  /** The book's country site, `ng`: prices differ per country, so it is part of the identity. */
  country: string;
  /** The book's own id, verbatim. Identity: platform, country, eventId. */
  eventId: string;
  /** Bare digits, without `sr:match:`. */
  sportradarId: string | null;
  geniusId: string | null;
  /** `Home - Away`, rebuilt from the two names. */
  event: string;
  home: string;
  away: string;
  sport: 'football';
  competition: { id: string | null; name: string; country: string | null };
  /** ISO 8601, UTC, with milliseconds and `Z`. */
  kickoff: string;
  live: boolean;
  /** ISO; when the answer arrived. */
  fetchedAt: string;
  prices: Price[];
  /** Markets of ours that the answer has in a shape we do not understand: what is stored of them is left as it is. */
  unread?: readonly { market: MarketKey; period: Period }[];
}

/** One lot of an auction, as its page says. Identity: platform, listingId. Buyers and commenters are left out on purpose. */
export interface ListingRecord {
  kind: 'listing';
  platform: string;
  /** The site's own number, verbatim. */
  listingId: string;
  /** Canonical: https, a slash at the end, no query. */
  url: string;
  /** Digits only. */
  lotNumber: string | null;
  title: string;
  /** From 1885 to next year. */
  year: number | null;
  make: string | null;
  /** Without the make in front. */
  model: string | null;
  /** 17 characters without I, O and Q. No key: a car is sold several times. */
  vin: string | null;
  /** Null without a VIN; false is normal for European cars. */
  vinCheckDigitOk: boolean | null;
  /** As printed; given also where it is a VIN. */
  chassis: string | null;
  /** Whole units of the currency. */
  price: number | null;
  /** What the price is: a high bid is no sale. */
  priceKind: 'sold' | 'high_bid' | 'current_bid' | null;
  /** ISO 4217; null where the site does not say it. */
  currency: string | null;
  /** `ended`: it is over, and the page does not say how. */
  status: 'live' | 'sold' | 'reserve_not_met' | 'withdrawn' | 'ended';
  noReserve: boolean | null;
  bidCount: number | null;
  commentCount: number | null;
  views: number | null;
  watchers: number | null;
  /** ISO UTC, past or future. */
  endsAt: string | null;
  seller: string | null;
  sellerType: 'private' | 'dealer' | null;
  location: string | null;
  country: string | null;
  mileage: number | null;
  mileageUnit: 'mi' | 'km' | null;
  mileageUnknown: boolean;
  /** Lines as printed, in order. */
  details: string[];
  /** Paragraphs, a blank line between two. */
  description: string | null;
  /** Originals, each once, in order. */
  imageUrls: string[];
  /** ISO; when the answer arrived. */
  fetchedAt: string;
}

/** An image that was downloaded. Identity: its address. */
export interface ImageRecord {
  kind: 'image';
  platform: string;
  url: string;
  sha256: string;
  /** Below the folder of images. */
  path: string;
  bytes: number;
  /** By its first bytes: `image/jpeg` and so on. */
  type: string;
}

/** The fields of a lot that do not change: what an older page says of them is as good as what a newer one says. */
export type LastingFields = Pick<
  ListingRecord,
  | 'vin'
  | 'vinCheckDigitOk'
  | 'chassis'
  | 'year'
  | 'make'
  | 'model'
  | 'mileage'
  | 'mileageUnit'
  | 'location'
  | 'country'
  | 'seller'
>;

/** Some fields of a lot that is stored: they fill what it lacks, and change nothing else. */
export interface FieldsRecord {
  kind: 'fields';
  platform: string;
  listingId: string;
  fields: Partial<LastingFields>;
}

/** What a platform may hand to the store. */
export type ScrapedRecord = EventOdds | ListingRecord | ImageRecord | FieldsRecord;

/** A unit of work as a step discovers it: an event, a listing, an image. */
export interface WorkItemSeed {
  /** The platform's own id of the unit; unique within the step. */
  key: string;
  /** Lower is worked on first (for events: kickoff in epoch milliseconds). */
  priority: number;
  /** What the working step needs to ask for it. Plain JSON. */
  payload: Record<string, unknown>;
}

/** A stored work item that is still to be done. */
export interface WorkItem extends WorkItemSeed {
  step: string;
  /** How often it was tried before. */
  attempts: number;
}

/**
 * What became of a batch of discovered items: `added` are to be worked on, `kept` were done by an earlier job of the
 * chain, `known` were stored for good before the chain began.
 */
export interface Seeded {
  added: number;
  kept: number;
  known: number;
}

/** Work items that came out of a record, for a later step. */
export interface FedItems {
  step: string;
  seeds: readonly WorkItemSeed[];
}

/** What became of one work item. `gone`: the site no longer has it, which is an answer and needs no retry. */
export type ItemResult =
  | { key: string; outcome: 'done'; records: ScrapedRecord[]; fed?: FedItems }
  | { key: string; outcome: 'gone'; failure: Failure }
  | { key: string; outcome: 'failed'; failure: Failure };

/** Counters a step keeps for its row: requests sent, prices not offered, markets not known. */
export type StepCounts = Record<string, number>;

/** How one step ended. */
export interface StepResult {
  name: string;
  status: 'success' | 'failed' | 'skipped';
  itemsTotal: number;
  itemsDone: number;
  itemsFailed: number;
  /** The failure that decided the step, or null. */
  failure: Failure | null;
  counts: StepCounts;
}

/** How the scrape of one platform ended. `stopped` names the failure that made it leave the site alone, if one did. */
export interface PlatformResult {
  status: 'completed' | 'partial' | 'failed';
  steps: StepResult[];
  /** All failures of this attempt, oldest first, capped; the counts in `steps` are complete. */
  failures: Failure[];
  stopped: Failure | null;
}
