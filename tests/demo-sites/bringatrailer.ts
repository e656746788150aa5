/**
 * Bring a Trailer as it answers: lists in a script and in JSON, pages of HTML with all their traps, and images. Its 48
 * lots go by the numbers of the matches, so that they break in the same groups: the first 30 run, the others ended.
 */
import { html, json, type Reply, type SiteDefinition, type SiteRequest } from './definition.ts';
import { lotImage } from './lot-image.ts';
import { lotPage } from './lot-page.ts';
import type { DemoMatch, DemoWorld } from './matches.ts';
import { demoLot, imagePath, imagesPerLot, type DemoLot } from './lots.ts';

/** The site gives at most this many on a page, so that its 18 ended lots need several. */
const longestPage = 8;

const uploads = /^\/wp-content\/uploads\/2026\/11\/(.+)\.(?:png|jpg)$/;

/** The demo site. Its wall answers 200 with a page that asks to wait. */
export const bringatrailer: SiteDefinition = {
  variable: 'BRINGATRAILER_URL',
  blockPage: html(
    200,
    '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>',
  ),
  neededField: 'comments',
  itemKey: ({ path }) => {
    const number = /^\/listing\/lot-(\d+)-/.exec(path)?.[1];
    return number === undefined ? undefined : String(555_000 + Number(number));
  },
  matchOf: (itemKey, world) => matchOf(Number(itemKey) - 555_000, world),
  isFile: ({ path }) => uploads.test(path),
  answer(request, world) {
    const lots = world.matches.map((match) => demoLot(match, world));
    if (request.path === '/auctions/') return running(lots);
    if (request.path === '/wp-json/bringatrailer/1.0/data/listings-filter') return ended(request, lots);
    const file = uploads.exec(request.path)?.[1];
    if (file !== undefined) return image(file, lots);
    return page(request, lots);
  },
};

function matchOf(number: number, world: DemoWorld): DemoMatch | undefined {
  return world.matches.find((match) => match.number === number);
}

function running(lots: readonly DemoLot[]): Reply {
  const data = JSON.stringify({ items: lots.filter((lot) => lot.status === 'live').map(listed), locations: [] });
  return html(
    200,
    `<!DOCTYPE html><html><head><title>Auctions | Bring a Trailer</title></head><body>
<script id="bat-theme-auctions-current-initial-data">
/* <![CDATA[ */
var auctionsCurrentInitialData = ${data.replaceAll('<', '\\u003c')};
/* ]]> */
</script></body></html>`,
  );
}

function ended({ query }: SiteRequest, lots: readonly DemoLot[]): Reply {
  const over = lots.filter((lot) => lot.status !== 'live').toSorted((a, b) => b.endsAt - a.endsAt);
  const size = Math.min(Number(query.per_page), longestPage);
  const number = Number(query.page);
  return json({
    is_default_keyword_filter: true,
    items_per_page: size,
    items_total: over.length,
    page_current: number,
    pages_total: Math.ceil(over.length / size),
    items: over.slice((number - 1) * size, number * size).map(listed),
  });
}

function listed(lot: DemoLot) {
  const amount = `USD $${lot.price.toLocaleString('en-US')}`;
  const over = {
    sold: `Sold for ${amount} <span> on 12/5/2026 </span>`,
    reserve_not_met: `Bid to ${amount}`,
    live: '',
  };
  return {
    id: Number(lot.id),
    title: lot.title,
    url: `https://bringatrailer.com${lot.path}`,
    year: String(lot.year),
    current_bid: lot.price,
    current_bid_formatted: amount,
    currency: 'USD',
    timestamp_end: lot.endsAt,
    sold_text: over[lot.status],
    active: lot.status === 'live',
    noreserve: false,
    comments: null,
    watchers: null,
    views: null,
    country: 'USA',
    categories: [],
  };
}

function page({ path }: SiteRequest, lots: readonly DemoLot[]): Reply {
  const lot = lots.find((one) => one.path === path);
  return lot
    ? html(200, lotPage(lot))
    : html(404, '<!DOCTYPE html><title>Page not found</title><h1>Page Not Found</h1>');
}

function image(file: string, lots: readonly DemoLot[]): Reply {
  const known = lots.some((lot) =>
    Array.from({ length: imagesPerLot }, (_, index) => imagePath(lot, index)).includes(
      `/wp-content/uploads/2026/11/${file}.png`,
    ),
  );
  return known
    ? { status: 200, type: 'image/png', body: lotImage(file) }
    : { status: 404, type: 'text/plain', body: '' };
}
