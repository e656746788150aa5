/** What a listing page says, before anything is made of it. Runs in the parser thread and sees nothing but the page. */
import type { CheerioAPI } from 'cheerio/slim';
import { drifted } from '../../errors.ts';
import { extractor, type HtmlPage } from '../../html.ts';
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
    if ($(needed).length === 0) throw drifted({ path: needed, problem: 'is missing' });
  }
  const table = $('#listing-bid').first();
  const essentials = $('.essentials').first();
  const comments = readComments($);
  const listingId =
    $('[data-listing-currently]').first().attr('data-listing-currently') || table.attr('data-listing-bid-id');
  if (!listingId || !/^\d{1,20}$/.test(listingId)) {
    throw drifted({ path: 'data-listing-bid-id', problem: 'is missing' });
  }

  return {
    listingId,
    canonicalUrl:
      $('link[rel="canonical"]').first().attr('href') ?? $('meta[property="og:url"]').first().attr('content') ?? null,
    titles: [
      textOf($, 'h1.post-title'),
      $('[data-item-title]').first().attr('data-item-title') ?? null,
      $('meta[property="og:title"]').first().attr('content') ?? null,
      textOf($, 'title')?.split(' for sale on BaT Auctions')[0] ?? null,
    ].flatMap((title) => (title ? [folded(title)] : [])),
    noReserveTag: $('.item-tags .item-tag-noreserve').length > 0,
    ended: table.hasClass('ended') || $('#listing-bid-container').first().hasClass('listing-closed'),
    box: readBox($),
    stats: table
      .find('tr.listing-stats-stat')
      .toArray()
      .slice(0, 50)
      .map((row) => {
        const value = $(row).find('.listing-stats-value').first();
        return {
          label: folded($(row).find('.listing-stats-label').first().text()),
          value: folded(value.text()),
          timestamp: value.find('[data-timestamp]').first().attr('data-timestamp') ?? null,
        };
      }),
    currentBid: $('#current-bid-row [data-amount]').first().attr('data-amount') ?? null,
    bidCount: textOf($, '#listing-bid .number-bids-value'),
    commentCount: textOf($, '.listing-available-info .comments_header_html .info-value'),
    views: textOf($, '[data-stats-item="views"]'),
    watchers: textOf($, '[data-stats-item="watchers"]'),
    endTimestamps: [
      table.find('.listing-end-time[data-timestamp]').first().attr('data-timestamp') ?? null,
      table.find('[data-ends]').first().attr('data-ends') ?? null,
      ...comments
        .map(({ end_timestamp: end }) => end ?? null)
        .filter((end) => end !== null)
        .toSorted((a, b) => b - a)
        .slice(0, 1),
    ],
    groups: $('a.group-link, button.group-title')
      .toArray()
      .slice(0, 20)
      .map((link) => {
        const label = $(link).find('.group-title-label').first().text();
        return { label: folded(label), text: folded($(link).text().replace(label, '')) };
      }),
    seller: folded(essentials.find('a[href*="/member/"]').first().text()) || null,
    location: folded(essentials.find('a[href*="google.com/maps"]').first().text()) || null,
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
export const listingPage = extractor(import.meta.url, readListing);

function textOf($: CheerioAPI, selector: string): string | null {
  return folded($(selector).first().text()) || null;
}

function folded(text: string): string {
  return text.slice(0, mostText).replace(/\s+/g, ' ').trim();
}

/** The comment count stands in the same box right after the amount: read as one text, 70,500 and 1 comment are 70,5001. */
function readBox($: CheerioAPI): ListingPage['box'] {
  const box = $('.listing-available-info').first();
  const running = box.find('[data-listing-currently]').first();
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
  const heading = $('.essentials strong, .essentials b')
    .toArray()
    .find((element) => /^\s*Listing Details\s*:?\s*$/i.test($(element).text().slice(0, 100)));
  const named = heading ? $(heading).parent().find('ul li') : null;
  const lines = named && named.length > 0 ? named : $('.essentials').first().find('ul li');
  return lines
    .toArray()
    .slice(0, 200)
    .flatMap((line) => folded($(line).text()) || []);
}

/** The dialog in which a bid is confirmed is called the same. */
function readParagraphs($: CheerioAPI): string[] {
  const excerpts = $('.post-excerpt').toArray().slice(0, 20);
  const own = excerpts.find((excerpt) => $(excerpt).closest('.site-modal').length === 0);
  if (own === undefined) return [];
  return $(own)
    .find('p')
    .toArray()
    .slice(0, 500)
    .flatMap((paragraph) => folded($(paragraph).text()) || []);
}

function readGallery($: CheerioAPI): string[] {
  const gallery = $('#bat_listing_page_photo_gallery').first();
  const json =
    gallery.attr('data-gallery-items') ?? gallery.find('[data-gallery-items]').first().attr('data-gallery-items');
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
  const model = scriptValue($('script#bat-theme-viewmodels-js-extra').first().text(), 'BAT_VMS');
  return model === null ? [] : readShape(Comments, model, 'BAT_VMS').comments;
}
