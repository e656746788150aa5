/** How an auction stands, and at what price: several places of a page say it, and they do not always agree. */
import type { ListingRecord } from '../../result.ts';
import type { ListingPage } from './listing-page.ts';
import { type Money, readMoney } from './money.ts';

/** What a list said of the lot, where it came from one. */
export interface ListedPrice {
  soldText: string | null;
  currentBid: number | null;
  currency: string | null;
}

type Outcome = Pick<ListingRecord, 'status' | 'price' | 'priceKind' | 'currency'>;

/** Reads status, price, its kind and its currency. A high bid is never a sale price. */
export function readOutcome(page: ListingPage, listed: ListedPrice): Outcome {
  const status = statusOf(page);
  const prices = pricesOf(page, listed, status);
  const price = prices[0]?.amount ?? null;
  const currency = prices.find((money) => money.currency !== null)?.currency ?? currencyWord(listed.currency);
  return { status, price, priceKind: price === null ? null : priceKinds[status], currency };
}

const priceKinds = {
  live: 'current_bid',
  sold: 'sold',
  reserve_not_met: 'high_bid',
  withdrawn: 'high_bid',
  ended: 'high_bid',
} as const satisfies Record<ListingRecord['status'], ListingRecord['priceKind']>;

/**
 * A sale record wins: about 1 % of lots are sold after their reserve was not met. Then the table's “Reserve Not Met”
 * beats any “sold” in a text. An end in the past alone ends nothing: every late bid adds two minutes.
 */
function statusOf(page: ListingPage): ListingRecord['status'] {
  if (saleRecord(page)) return 'sold';
  const phrase = page.box?.phrase ?? '';
  const notMet = page.stats.some(({ label, value }) => /reserve not met/i.test(`${label} ${value}`));
  const recordedNotMet = page.records.some(({ content }) => /^Reserve not met\b/i.test(content));
  if (/^Sold for\b/i.test(phrase) && !notMet) return 'sold';
  if (/^Bid to\b/i.test(phrase) || notMet || recordedNotMet) return 'reserve_not_met';
  if (/^Withdrawn\b/i.test(phrase)) return 'withdrawn';
  if (!page.ended) return 'live';
  return page.stats.some(({ label }) => /^Winning Bid\b/i.test(label)) ? 'sold' : 'ended';
}

/** The record of a sale: an accepted offer after the auction before the hammer. */
function saleRecord({ records }: ListingPage): string | null {
  const sales = records.filter(({ content }) => /^Sold on\b/i.test(content));
  return (sales.findLast(({ type }) => type === 'bat-rnm-accepted') ?? sales.at(-1))?.content ?? null;
}

/** Every price that fits the status, the most reliable first. */
function pricesOf(page: ListingPage, listed: ListedPrice, status: ListingRecord['status']): Money[] {
  const box = readMoney(page.box?.amount ?? '');
  const table = page.stats.find(({ label }) => /^(?:Winning Bid|High Bid|Current Bid)\b/i.test(label));
  const inTable = readMoney(table?.value ?? '');
  const inList = readMoney(listed.soldText ?? '');
  if (status === 'live') {
    const bid = wholeAmount(listed.currentBid);
    const amount = wholeAmount(page.currentBid === null ? null : Number(page.currentBid));
    return present([box, inTable, amount, bid]);
  }
  const record =
    status === 'sold'
      ? saleRecord(page)
      : page.records.findLast(({ content }) => /^Reserve not met\b/i.test(content))?.content;
  return present([readMoney(record ?? ''), box, inTable, inList]);
}

function present(prices: (Money | null)[]): Money[] {
  return prices.filter((money) => money !== null);
}

function wholeAmount(amount: number | null): Money | null {
  return amount !== null && Number.isSafeInteger(amount) && amount > 0 ? { amount, currency: null } : null;
}

function currencyWord(word: string | null): string | null {
  return word !== null && /^[A-Z]{3}$/.test(word) ? word : null;
}
