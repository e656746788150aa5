/** From what a page says to the record of its lot. */
import type { ListingRecord } from '../../result.ts';
import { imageAddresses, lotAddress } from './address.ts';
import type { ListingPage } from './listing-page.ts';
import { readMileage } from './mileage.ts';
import { readCount } from './money.ts';
import { type ListedPrice, readOutcome } from './outcome.ts';
import { readChassis } from './vin.ts';

/** What is known of a lot besides its page. */
export interface LotContext {
  /** Where the page was found, after redirects. */
  url: string;
  /** What a list said of it. */
  listed: ListedPrice & { noReserve: boolean | null; endsAt: number | null };
  now: Date;
}

const noReservePrefix = /^No Reserve:\s*/i;

/** Makes the record; a lot is known by its page's number and its canonical address. */
export function listingRecord(page: ListingPage, { url, listed, now }: LotContext): ListingRecord {
  const printed = page.titles[0] ?? '';
  const title = printed.replace(noReservePrefix, '');
  const make = groupOf(page, 'Make');
  const lot = /\bLot\s*#\s*(\d[\d,]*)/i.exec(page.essentials)?.[1];
  return {
    kind: 'listing',
    platform: 'bringatrailer',
    listingId: page.listingId,
    url: lotAddress(page.canonicalUrl) ?? lotAddress(url) ?? url,
    lotNumber: lot?.replaceAll(',', '') ?? null,
    title,
    year: yearOf(title, now),
    make,
    model: modelOf(groupOf(page, 'Model'), make),
    ...readChassis(chassisLine(page.details)),
    ...readOutcome(page, listed),
    noReserve: page.noReserveTag || page.titles.some((one) => noReservePrefix.test(one)) || listed.noReserve === true,
    bidCount: readCount(page.bidCount),
    commentCount: readCount(page.commentCount),
    views: readCount(page.views),
    watchers: readCount(page.watchers),
    endsAt: endOf(page, listed.endsAt),
    seller: page.seller,
    sellerType: sellerTypeOf(page.essentials),
    location: page.location,
    country: page.country,
    ...readMileage(page.details, title),
    details: page.details,
    description: page.paragraphs.length === 0 ? null : page.paragraphs.join('\n\n'),
    imageUrls: imageAddresses(page.images),
    fetchedAt: now.toISOString(),
  };
}

/** `Chassis: 9TMGT3453R1000001`; parts and memorabilia have no such line. */
export function chassisLine(details: readonly string[]): string | null {
  for (const line of details) {
    const number = /^(?:Chassis|VIN|Serial)\s*:\s*(\S+)/i.exec(line)?.[1];
    if (number !== undefined) return number.slice(0, 100);
  }
  return null;
}

function groupOf({ groups }: ListingPage, label: string): string | null {
  return groups.find((group) => group.label === label)?.text || null;
}

/** The Model group says “Testmake GT”. */
function modelOf(model: string | null, make: string | null): string | null {
  if (model === null || make === null || !model.toLowerCase().startsWith(`${make.toLowerCase()} `)) return model;
  return model.slice(make.length + 1).trim();
}

/** The first year in the title: it need not stand in front (`51k-Mile 1994 …`), and `2,000-Mile` is none. */
function yearOf(title: string, now: Date): number | null {
  const years = title.matchAll(/(?<![\d,.])(?:18|19|20)\d\d(?![\d,]|[\w]|-(?:mile|kilo|km))/gi);
  for (const [year] of years) {
    if (Number(year) >= 1885 && Number(year) <= now.getUTCFullYear() + 1) return Number(year);
  }
  return null;
}

function sellerTypeOf(essentials: string): ListingRecord['sellerType'] {
  const word = /Private Party or Dealer\s*:?\s*(Private|Dealer)/i.exec(essentials)?.[1]?.toLowerCase();
  return word === 'private' || word === 'dealer' ? word : null;
}

const earliest = Date.UTC(2010, 0, 1) / 1000;
const latest = Date.UTC(2040, 0, 1) / 1000;

/** The end as ISO UTC, from epoch seconds; a parser of others once read the year 2634, so what is far off is no end. */
function endOf(page: ListingPage, listed: number | null): string | null {
  const table = page.stats.find(({ label }) => /^Auction Ended\b/i.test(label))?.timestamp ?? null;
  const [running, older, fromComments] = page.endTimestamps;
  for (const stamp of [table, running, older, listed, fromComments]) {
    const seconds = stamp === null || stamp === undefined || stamp === '' ? Number.NaN : Number(stamp);
    if (seconds >= earliest && seconds < latest) return new Date(seconds * 1000).toISOString();
  }
  return null;
}
