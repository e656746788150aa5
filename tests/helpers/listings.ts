/** Listing records for the tests of what is stored: an ordinary lot, and only what a test cares about. */
import type { ListingRecord } from '#scraper/result.ts';

export function aListing(given: Partial<ListingRecord> = {}): ListingRecord {
  return {
    kind: 'listing',
    platform: 'bringatrailer',
    listingId: '555001',
    url: 'https://bringatrailer.com/listing/1994-testmake-gt-7/',
    lotNumber: '258001',
    title: '1994 Testmake GT Coupe',
    year: 1994,
    make: 'Testmake',
    model: 'GT',
    vin: '9TMGT3453R1000001',
    vinCheckDigitOk: true,
    chassis: '9TMGT3453R1000001',
    price: 33000,
    priceKind: 'sold',
    currency: 'USD',
    status: 'sold',
    noReserve: false,
    bidCount: 2,
    commentCount: 1,
    views: 6055,
    watchers: 675,
    endsAt: '2026-12-05T12:15:13.000Z',
    seller: 'TestSeller',
    sellerType: 'private',
    location: 'Springfield, Ohio 45501',
    country: 'USA',
    mileage: 51000,
    mileageUnit: 'mi',
    mileageUnknown: false,
    details: ['Chassis: 9TMGT3453R1000001', '51k Miles Shown'],
    description: 'A test car.\n\nSecond paragraph.',
    imageUrls: [imageUrl(1), imageUrl(2)],
    fetchedAt: '2026-12-06T09:00:00.000Z',
    ...given,
  };
}

export function imageUrl(number: number): string {
  return `https://bringatrailer.com/wp-content/uploads/2026/11/testmake-${number}.jpg`;
}
