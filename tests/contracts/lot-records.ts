/** What the auction site's records have to say of its lots. */
import { expect } from 'vitest';
import type { ScrapedRecord } from '#scraper/result.ts';
import { hostileName, type DemoSites } from '../demo-sites/index.ts';
import { lotImage } from '../demo-sites/lot-image.ts';
import { demoLot, imagePath } from '../demo-sites/lots.ts';

const priceKinds = { live: 'current_bid', sold: 'sold', reserve_not_met: 'high_bid' };

/** Every lot as it stands, and both of its images whole. */
export function expectLots(records: readonly ScrapedRecord[], demo: DemoSites): void {
  const listings = records.filter((record) => record.kind === 'listing');
  const images = records.filter((record) => record.kind === 'image');
  for (const match of demo.world.matches) {
    const lot = demoLot(match, demo.world);
    const urls = [0, 1].map((index) => `https://bringatrailer.com${imagePath(lot, index)}`);
    expect(listings.find(({ listingId }) => listingId === lot.id)).toMatchObject({
      platform: 'bringatrailer',
      url: `https://bringatrailer.com${lot.path}`,
      title: lot.title.replace(/\s+/g, ' ').trim(),
      year: lot.year,
      make: 'Testmake',
      model: 'Coupe',
      chassis: lot.chassis,
      vin: lot.chassis.length === 17 ? lot.chassis : null,
      vinCheckDigitOk: lot.chassis.length === 17 ? false : null,
      status: lot.status,
      price: lot.price,
      priceKind: priceKinds[lot.status],
      currency: 'USD',
      mileage: lot.number * 1000,
      endsAt: new Date(lot.endsAt * 1000).toISOString(),
      imageUrls: urls,
    });
    for (const url of urls) {
      const name = /([^/]+)\.png$/.exec(url)?.[1] ?? '';
      expect(images.find((image) => image.url === url)).toMatchObject({
        bytes: lotImage(name).length,
        type: 'image/png',
      });
    }
  }
  expect(images).toHaveLength(2 * listings.length);
  const hostile = hostileName.replace(/\s+/g, ' ').trim();
  expect(listings.filter(({ title }) => title.endsWith(hostile))).toHaveLength(1);
}
