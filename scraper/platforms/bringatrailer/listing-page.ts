/** What a listing page says, before anything is made of it. Runs in the parser thread and sees nothing but the page. */
import type { CheerioAPI } from 'cheerio/slim';
import { drifted } from '../../errors.ts';
import { all, first } from '../../html-select.ts';
import type { HtmlPage } from '../../html.ts';
import { readShape } from '../shape.ts';
import { Comments, Gallery } from './schema.ts';
import { scriptValue } from './script-value.ts';

/** Texts as printed, blanks folded; null where the page has none. */
export interface ListingPage {
  listingId: string;
  canonicalUrl: string | null;
  /** The best first. */
  titles: string[];
  noReserveTag: boolean;
  ended: boolean;
  /** The box above the gallery: `Sold for` with `USD $33,000`. */
  box: { phrase: string; amount: string } | null;
  /** Rows of the bid table. */
  stats: { label: string; value: string; timestamp: string | null }[];
  currentBid: string | null;
  bidCount: string | null;
  commentCount: string | null;
  views: string | null;
  watchers: string | null;
  /** Epoch seconds, the best first. */
  endTimestamps: (string | number | null)[];
  groups: { label: string; text: string }[];
  seller: string | null;
  location: string | null;
  country: string | null;
  /** The whole box of essentials as one text. */
  essentials: string;
  details: string[];
  paragraphs: string[];
  /** Addresses of the gallery's images, largest kind first, in order. */
  images: string[];
  /** Comments that are no comments: how the auction ended, oldest first. */
  records: { type: string; content: string }[];
}

/** Longest text of one element that is looked at: nobody prints more, and nobody may make us read more. */
const mostText = 20_000;

/**
 * Reads a listing page. Only named elements are read: the page also holds a dictionary with “Sold for”, cards of other
 * cars with their prices, and a dialog that looks like the description.
 */
export function readListing({ loadOnly }: HtmlPage): ListingPage {
  const $ = loadOnly(isRead);
  for (const needed of ['#listing-bid', '.essentials']) {
    if (first($, needed).length === 0) throw drifted({ path: needed, problem: 'is missing' });
  }
  const table = first($, '#listing-bid');
  const essentials = first($, '.essentials');
  const comments = readComments($);
  const listingId =
    first($, '[data-listing-currently]').attr('data-listing-currently') || table.attr('data-listing-bid-id');
  if (!listingId || !/^\d{1,20}$/.test(listingId)) {
    throw drifted({ path: 'data-listing-bid-id', problem: 'is missing' });
  }

  return {
    listingId,
    canonicalUrl:
      first($, 'link[rel="canonical"]').attr('href') ?? first($, 'meta[property="og:url"]').attr('content') ?? null,
    titles: [
      textOf($, 'h1.post-title'),
      first($, '[data-item-title]').attr('data-item-title') ?? null,
      first($, 'meta[property="og:title"]').attr('content') ?? null,
      textOf($, 'title')?.split(' for sale on BaT Auctions')[0] ?? null,
    ].flatMap((title) => (title ? [folded(title)] : [])),
    noReserveTag: first($, '.item-tags .item-tag-noreserve').length > 0,
    ended: table.hasClass('ended') || first($, '#listing-bid-container').hasClass('listing-closed'),
    box: readBox($),
    stats: all($, 'tr.listing-stats-stat', table)
      .slice(0, 50)
      .map((row) => {
        const value = first($, '.listing-stats-value', $(row));
        return {
          label: folded(first($, '.listing-stats-label', $(row)).text()),
          value: folded(value.text()),
          timestamp: first($, '[data-timestamp]', value).attr('data-timestamp') ?? null,
        };
      }),
    currentBid: first($, '#current-bid-row [data-amount]').attr('data-amount') ?? null,
    bidCount: textOf($, '#listing-bid .number-bids-value'),
    commentCount: textOf($, '.listing-available-info .comments_header_html .info-value'),
    views: textOf($, '[data-stats-item="views"]'),
    watchers: textOf($, '[data-stats-item="watchers"]'),
    endTimestamps: [
      first($, '.listing-end-time[data-timestamp]', table).attr('data-timestamp') ?? null,
      first($, '[data-ends]', table).attr('data-ends') ?? null,
      ...comments
        .map(({ end_timestamp: end }) => end ?? null)
        .filter((end) => end !== null)
        .toSorted((a, b) => b - a)
        .slice(0, 1),
    ],
    groups: all($, 'a.group-link, button.group-title')
      .slice(0, 20)
      .map((link) => {
        const label = first($, '.group-title-label', $(link)).text();
        return { label: folded(label), text: folded($(link).text().replace(label, '')) };
      }),
    seller: folded(first($, 'a[href*="/member/"]', essentials).text()) || null,
    location: folded(first($, 'a[href*="google.com/maps"]', essentials).text()) || null,
    country: textOf($, '.show-country-name'),
    essentials: folded(essentials.text()),
    details: readDetails($),
    paragraphs: readParagraphs($),
    images: readGallery($),
    records: comments.flatMap(({ type, content }) =>
      (type === 'bat-rnm-accepted' || type === 'bat-bid-reserve') && content
        ? [{ type, content: folded(content) }]
        : [],
    ),
  };
}

/** What {@link readListing} looks at begins here: by id, by class, by attribute. A selector that begins elsewhere finds nothing. */
const ids = new Set([
  'bat_listing_page_photo_gallery',
  'bat-theme-viewmodels-js-extra',
  'current-bid-row',
  'listing-bid',
  'listing-bid-container',
]);
const classes = new Set([
  'essentials',
  'group-link',
  'group-title',
  'item-tags',
  'listing-available-info',
  'post-excerpt',
  'post-title',
  'show-country-name',
  // What is in a dialog is none of the page's own.
  'site-modal',
]);
const attributes = ['data-item-title', 'data-listing-currently', 'data-stats-item'];

function isRead({ name, attribs }: { name: string; attribs: Record<string, string> }): boolean {
  if (name === 'title' || name === 'link' || name === 'meta') return true;
  if (attribs['id'] !== undefined && ids.has(attribs['id'])) return true;
  if (attribs['class']?.split(/\s+/).some((one) => classes.has(one))) return true;
  return attributes.some((attribute) => attribs[attribute] !== undefined);
}

/** {@link readListing} for the parser thread. */

function textOf($: CheerioAPI, selector: string): string | null {
  return folded(first($, selector).text()) || null;
}

function folded(text: string): string {
  return text.slice(0, mostText).replace(/\s+/g, ' ').trim();
}

/** The comment count stands in the same box right after the amount: read as one text, 70,500 and 1 comment are 70,5001. */
function readBox($: CheerioAPI): ListingPage['box'] {
  const box = first($, '.listing-available-info');
  const running = first($, '[data-listing-currently]', box);
  const amount = running.children('.info-value').first();
  if (amount.length > 0) {
    return { phrase: folded(running.children('.info-label').first().text()), amount: folded(amount.text()) };
  }
  const ended = box.children('.info-value').first();
  if (ended.length === 0) return null;
  const own = ended
    .contents()
    .toArray()
    .filter((node) => node.nodeType === 3);
  return { phrase: folded($(own).text()), amount: folded(ended.children('strong').first().text()) };
}

function readDetails($: CheerioAPI): string[] {
  const heading = all($, '.essentials strong, .essentials b').find((element) =>
    /^\s*Listing Details\s*:?\s*$/i.test($(element).text().slice(0, 100)),
  );
  const named = heading ? all($, 'ul li', $(heading).parent()) : [];
  const lines = named.length > 0 ? named : all($, 'ul li', first($, '.essentials'));
  return lines.slice(0, 200).flatMap((line) => folded($(line).text()) || []);
}

/** The dialog in which a bid is confirmed is called the same. */
function readParagraphs($: CheerioAPI): string[] {
  const excerpts = all($, '.post-excerpt').slice(0, 20);
  const own = excerpts.find((excerpt) => $(excerpt).closest('.site-modal').length === 0);
  if (own === undefined) return [];
  return all($, 'p', $(own))
    .slice(0, 500)
    .flatMap((paragraph) => folded($(paragraph).text()) || []);
}

function readGallery($: CheerioAPI): string[] {
  const gallery = first($, '#bat_listing_page_photo_gallery');
  const json =
    gallery.attr('data-gallery-items') ?? first($, '[data-gallery-items]', gallery).attr('data-gallery-items');
  if (!json) return [];
  let items: unknown;
  try {
    items = JSON.parse(json);
  } catch {
    throw drifted({ path: 'data-gallery-items', problem: 'is of another kind' });
  }
  return readShape(Gallery, items, 'data-gallery-items').flatMap(
    ({ full, original, large, small }) => full?.url ?? original?.url ?? large?.url ?? small?.url ?? [],
  );
}

function readComments($: CheerioAPI) {
  const model = scriptValue(first($, 'script#bat-theme-viewmodels-js-extra').text(), 'BAT_VMS');
  return model === null ? [] : readShape(Comments, model, 'BAT_VMS').comments;
}
