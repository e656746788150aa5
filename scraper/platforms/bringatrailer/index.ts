/** Bring a Trailer, the auction site. */
import type { ItemStep, Platform } from '../../platform.ts';
import { discover } from './discover.ts';
import { extract, imagesOf } from './extract.ts';
import { downloadImage } from './images.ts';
import { Options } from './options.ts';
import { rereads } from './reread.ts';

const images: ItemStep = {
  kind: 'items',
  name: 'images',
  noun: { one: 'image', many: 'images' },
  work: downloadImage,
};

/** The platform as the registry knows it. */
export const bringatrailer: Platform = bringatrailerWith(Options.parse({}));

/**
 * Three steps: the lists of lots, each lot's page, and its images, which fail alone. The site asks in its robots.txt for
 * a second between requests; one at a time.
 */
function bringatrailerWith(options: Options): Platform {
  return {
    id: 'bringatrailer',
    title: 'Bring a Trailer',
    noun: { one: 'listing', many: 'listings' },
    baseUrl: 'https://bringatrailer.com',
    baseUrlVariable: 'BRINGATRAILER_URL',
    country: 'us',
    headers: { 'accept-language': 'en' },
    redirectHosts: ['www.bringatrailer.com'],
    pace: { concurrency: 1, gapMs: 1000, stopAfter: 5 },
    // Nearly every lot has pictures and details: where half have none, the page is read wrongly.
    expects: { fields: { imageUrls: 0.5, details: 0.5 } },
    maxAgeMs: 24 * 60 * 60_000,
    steps: [
      { kind: 'discover', name: 'discover', feeds: 'extract', discover: (site) => discover(site, options) },
      {
        kind: 'items',
        name: 'extract',
        feeds: { step: 'images', items: (record) => imagesOf(record, options.site.imagesPerLot) },
        work: extract,
      },
      images,
    ],
    backfills: [{ what: 'images', step: images }, ...rereads],
    configure: (wanted) => bringatrailerWith(Options.parse(wanted)),
  };
}
