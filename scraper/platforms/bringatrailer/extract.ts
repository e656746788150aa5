/** One lot: its page, its record, and what its record gives the images step to do. */
import { z } from 'zod';
import { drifted } from '../../errors.ts';
import { parseHtml } from '../../html.ts';
import type { Site } from '../../platform.ts';
import type { ListingRecord, ScrapedRecord, WorkItem, WorkItemSeed } from '../../result.ts';
import { pathOf } from './address.ts';
import { chassisLine, listingRecord } from './listing.ts';
import { listingPage } from './listing-reader.ts';
import { lacksField } from './reread.ts';

/** What `discover` wrote down. */
export const LotPayload = z.object({
  url: z.string(),
  listed: z
    .object({
      soldText: z.string().nullable(),
      currentBid: z.number().nullable(),
      currency: z.string().nullable(),
      noReserve: z.boolean().nullable(),
      endsAt: z.number().nullable(),
    })
    .prefault({ soldText: null, currentBid: null, currency: null, noReserve: null, endsAt: null }),
});

/** Asks for a lot's page; a lot whose name was changed is found by the redirect, and stored under its new address. */
export async function extract(item: WorkItem, site: Site): Promise<ListingRecord[]> {
  const { url: listedUrl, listed } = LotPayload.parse(item.payload);
  const { text, url } = await site.http.text({ path: pathOf(listedUrl) });
  const page = await parseHtml({ html: text, extractor: listingPage, signal: site.signal });
  if (page.listingId !== item.key) throw drifted({ path: 'the lot', problem: 'is another than the one asked for' });
  const record = listingRecord(page, { url, listed, now: site.now() });
  // Parts and memorabilia have no pictures sometimes; a car without any is a gallery we did not find.
  const unread = record.imageUrls.length === 0 && chassisLine(record.details) !== null;
  if (unread) {
    site.count('layoutProblems');
    site.note(
      drifted({ path: 'data-gallery-items', problem: 'is missing, on a lot with a chassis number' }),
      'gallery',
    );
  }
  if (unread || isIncomplete(record)) site.keepAnswer();
  return [record];
}

/** Whether a better reader might find more on the page. */
function isIncomplete(record: ListingRecord): boolean {
  const { endsAt, price, status } = record;
  const priced = price !== null || status === 'live' || status === 'withdrawn';
  return !priced || endsAt === null || lacksField(record);
}

/** So many images of a lot at most, for some have four hundred. The first of every lot comes before the second of any. */
export function imagesOf(record: ScrapedRecord, most: number): WorkItemSeed[] {
  if (record.kind !== 'listing') return [];
  const { listingId, imageUrls } = record;
  return imageUrls.slice(0, most).map((url, position) => ({ key: url, priority: position, payload: { listingId } }));
}
