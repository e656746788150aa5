/** Reads a field of lots anew from pages that were kept: the site is asked for nothing. */
import { ScrapeError } from '../../errors.ts';
import { parseHtml } from '../../html.ts';
import type { Backfill, Site } from '../../platform.ts';
import type { FieldsRecord, LastingFields, ListingRecord, WorkItem } from '../../result.ts';
import { listingRecord } from './listing.ts';
import { listingPage } from './listing-reader.ts';

type Field = keyof LastingFields;

/** By what people type: the field, and what belongs to it. A lot's page is kept when one of these is missing on it. */
const fields = {
  vin: ['vin', 'vinCheckDigitOk'],
  chassis: ['chassis'],
  year: ['year'],
  make: ['make'],
  model: ['model'],
  mileage: ['mileage', 'mileageUnit'],
  location: ['location'],
  country: ['country'],
  seller: ['seller'],
} as const satisfies Record<string, readonly [Field, ...Field[]]>;

/** What can be read again, each with its step. */
export const rereads: readonly Backfill[] = Object.entries(fields).map(([what, wanted]) => ({
  what,
  step: { kind: 'items', name: 'reread', work: (item, site) => reread(item, site, wanted) },
}));

/** Whether a field is missing that could be read again. */
export function lacksField(record: ListingRecord): boolean {
  return Object.values(fields).some(([field]) => record[field] === null);
}

async function reread(item: WorkItem, site: Site, wanted: readonly [Field, ...Field[]]): Promise<FieldsRecord[]> {
  const html = await site.keptAnswer('extract', item.key);
  if (html === null) throw new ScrapeError('not_found', 'its page is kept no longer');
  const page = await parseHtml({ html, extractor: listingPage, signal: site.signal });
  if (page.listingId !== item.key) throw new ScrapeError('drifted', `kept for lot ${item.key}, but shows another one`);
  const record = listingRecord(page, { url: page.canonicalUrl ?? '', listed: unlisted, now: site.now() });
  if (record[wanted[0]] === null) throw new ScrapeError('not_found', `its kept page says no ${wanted[0]}`);
  const found: Partial<LastingFields> = Object.fromEntries(wanted.map((field) => [field, record[field]]));
  return [{ kind: 'fields', platform: record.platform, listingId: item.key, fields: found }];
}

/** What a list says of a lot is about its price and its end, which are not read again. */
const unlisted = { soldText: null, currentBid: null, currency: null, noReserve: null, endsAt: null };
