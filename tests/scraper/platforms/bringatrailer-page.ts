/** Listing pages as they come from the fixtures, whole or changed, and the records they make. */
import { readFileSync } from 'node:fs';
import { htmlPage } from '#scraper/html-page.ts';
import { listingRecord, type LotContext } from '#scraper/platforms/bringatrailer/listing.ts';
import { readListing } from '#scraper/platforms/bringatrailer/listing-page.ts';

/** A page by the name of its fixture, with some texts of it replaced; each must be there. */
export function listingHtml(name: string, changes: Record<string, string> = {}): string {
  let html = readFileSync(new URL(`../../fixtures/bringatrailer/listing.${name}.html`, import.meta.url), 'utf8');
  for (const [text, instead] of Object.entries(changes)) {
    if (!html.includes(text)) throw new Error(`listing.${name}.html has no ${text}`);
    html = html.replaceAll(text, instead);
  }
  return html;
}

/** What a page says, read here instead of in the parser thread. */
export function pageOf(html: string) {
  return readListing(htmlPage(html));
}

/** The record of a page of which no list said anything. */
export function recordOf(
  name: string,
  changes: Record<string, string> = {},
  listed: Partial<LotContext['listed']> = {},
) {
  return listingRecord(pageOf(listingHtml(name, changes)), {
    url: 'https://bringatrailer.com/listing/somewhere/',
    listed: { soldText: null, currentBid: null, currency: null, noReserve: null, endsAt: null, ...listed },
    now: new Date('2026-12-06T09:00:00.000Z'),
  });
}
