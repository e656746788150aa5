import { describe, expect, test } from 'vitest';
import { htmlPage } from '#scraper/html-page.ts';
import { readListing } from '#scraper/platforms/bringatrailer/listing-page.ts';
import { listingHtml, pageOf, recordOf } from './bringatrailer-page.ts';

const uploads = 'https://bringatrailer.com/wp-content/uploads/2026/11';

test('a sold lot becomes one record with everything the page says', () => {
  expect(recordOf('sold')).toEqual({
    kind: 'listing',
    platform: 'bringatrailer',
    listingId: '555001',
    url: 'https://bringatrailer.com/listing/1994-testmake-gt-7/',
    lotNumber: '258001',
    title: '51k-Mile 1994 Testmake GT Coupe',
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
    details: [
      'Chassis: 9TMGT3453R1000001',
      '51k Miles Shown',
      '3.0-Liter Inline-Six',
      'Five-Speed Manual Transmission',
      'Arctic Silver Metallic Paint',
      'Black Leather Upholstery',
    ],
    description: 'This 51k-Mile 1994 Testmake GT Coupe is a test car. It shows 51k miles.\n\nSecond paragraph.',
    imageUrls: [1, 2, 3].map((number) => `${uploads}/1994-testmake-gt-7-00${number}.jpg`),
    fetchedAt: '2026-12-06T09:00:00.000Z',
  });
});

describe('how an auction stands, and at what price', () => {
  test.each([
    ['reserve-not-met', { status: 'reserve_not_met', price: 51500, priceKind: 'high_bid', currency: 'USD' }],
    ['rnm-accepted-later', { status: 'sold', price: 24000, priceKind: 'sold', currency: 'USD' }],
    [
      'live',
      { status: 'live', price: 70500, priceKind: 'current_bid', currency: 'USD', noReserve: true, bidCount: 12 },
    ],
    ['withdrawn', { status: 'withdrawn', price: 4000, priceKind: 'high_bid' }],
    ['cad', { status: 'sold', price: 12000, priceKind: 'sold', currency: 'CAD', country: 'Canada' }],
    ['no-vin-no-gallery', { status: 'sold', price: 900, year: null, vin: null, chassis: null, imageUrls: [] }],
  ])('%s', (name, expected) => {
    expect(recordOf(name)).toMatchObject(expected);
  });

  test('an accepted offer after the auction beats everything else the page says', () => {
    const record = recordOf('rnm-accepted-later', { 'Sold for <strong>USD $24,000': 'Bid to <strong>USD $23,000' });
    expect(record).toMatchObject({ status: 'sold', price: 24000, currency: 'USD' });
  });

  test('“Reserve Not Met” in the table beats “Sold for” in a text', () => {
    const record = recordOf('reserve-not-met', { 'Bid to <strong>': 'Sold for <strong>', 'Reserve not met on': 'On' });
    expect(record).toMatchObject({ status: 'reserve_not_met', price: 51500, priceKind: 'high_bid' });
  });

  test('a comment in which somebody writes that it was sold is no sale', () => {
    const claim = { 'Happy to answer questions.': 'Sold on 12/5/26 for USD $1 to me' };
    expect(recordOf('live', claim)).toMatchObject({ status: 'live', price: 70500 });
  });

  test('an end in the past alone ends nothing: late bids add two minutes each', () => {
    expect(recordOf('live', { '1796645713': '1700000000' })).toMatchObject({
      status: 'live',
      endsAt: '2023-11-14T22:13:20.000Z',
    });
  });

  test('an auction that is over without saying how is just that', () => {
    const silent = {
      'Sold for <strong>USD $33,000</strong>': '',
      'Winning Bid': 'Last Bid',
      'Sold on 12/5/26': 'Over',
    };
    expect(recordOf('sold', silent)).toMatchObject({ status: 'ended', price: null, priceKind: null });
  });

  test('a lot without a bid has no price', () => {
    const none = {
      '<strong class="info-value">USD $70,500</strong>': '',
      'data-amount="70500"': '',
      '<strong>USD $70,500</strong>': '',
    };
    expect(recordOf('live', none)).toMatchObject({ status: 'live', price: null, priceKind: null, currency: null });
  });

  test('what the page does not say is taken from the list', () => {
    const silent = { '<strong>USD $33,000</strong>': '', 'USD <strong>$33,000</strong>': '', 'for USD $33,000.00': '' };
    const soldText = 'Sold for EUR $31,000 <span> on 12/5/2026 </span>';
    expect(recordOf('sold', silent, { soldText })).toMatchObject({ price: 31000, currency: 'EUR', priceKind: 'sold' });
    const noBid = {
      '<strong class="info-value">USD $70,500</strong>': '',
      'data-amount="70500"': '',
      '<strong>USD $70,500</strong>': '',
    };
    expect(recordOf('live', noBid, { currentBid: 68000, currency: 'USD' })).toMatchObject({
      price: 68000,
      currency: 'USD',
    });
  });

  test('a bare dollar sign is no US dollar', () => {
    const bare = recordOf('sold', { 'USD $': '$', 'USD <strong>': '<strong>' });
    expect(bare).toMatchObject({ price: 33000, currency: null });
  });

  test('an end that is far off is no end', () => {
    expect(recordOf('sold', { '1796472913': '20980000000' }).endsAt).toBeNull();
    expect(recordOf('sold', { '1796472913': '20980000000' }, { endsAt: 1796472913 }).endsAt).toBe(
      '2026-12-05T12:15:13.000Z',
    );
  });
});

describe('what else a page says', () => {
  test.each([
    ['WP0ZZZ93ZLS000001', { vin: 'WP0ZZZ93ZLS000001', vinCheckDigitOk: false }],
    ['wp0zzz93zls000001', { vin: 'WP0ZZZ93ZLS000001', chassis: 'wp0zzz93zls000001' }],
    ['9TMGT3453R100000O', { vin: null, vinCheckDigitOk: null, chassis: '9TMGT3453R100000O' }],
    ['9111200001', { vin: null, chassis: '9111200001' }],
    ['AM/300/1', { vin: null, chassis: 'AM/300/1' }],
    ['Withheld', { vin: null, chassis: null }],
    ['N/A', { vin: null, chassis: null }],
    ['00000000000000000', { vin: null, chassis: null }],
  ])('a chassis number of %s', (number, expected) => {
    expect(recordOf('sold', { '9TMGT3453R1000001': number })).toMatchObject(expected);
  });

  test.each([
    ['51k Miles Shown', { mileage: 51000, mileageUnit: 'mi' }],
    ['~29,400 Miles', { mileage: 29400, mileageUnit: 'mi' }],
    ['8.3k Kilometers (~5,200 Miles)', { mileage: 8300, mileageUnit: 'km' }],
    ['51k Miles Shown, TMU', { mileage: 51000, mileageUnknown: true }],
    ['TMU', { mileage: 51000, mileageUnknown: true }],
    ['2k Miles Since Restoration', { mileage: 51000 }],
  ])('an odometer of %s', (line, expected) => {
    expect(recordOf('sold', { '51k Miles Shown': line })).toMatchObject(expected);
  });

  test.each([
    ['No Reserve: 1967 Testmake 2002 Tii', { year: 1967, title: '1967 Testmake 2002 Tii', noReserve: true }],
    ['2,000-Mile 1994 Testmake', { year: 1994 }],
    ['2000-Mile 1994 Testmake', { year: 1994 }],
    ['Testmake Sign', { year: null }],
    ['1886 Testmake Motorwagen', { year: 1886 }],
    ['2099 Testmake', { year: null }],
    ['1977 Testmake 4&#215;4', { title: '1977 Testmake 4×4', year: 1977 }],
  ])('a title of %s', (title, expected) => {
    expect(recordOf('sold', { '51k-Mile 1994 Testmake GT Coupe</h1>': `${title}</h1>` })).toMatchObject(expected);
  });

  test('a title that is not in its place is found elsewhere, without what the site adds', () => {
    const gone = { '<h1 class="post-title listing-post-title">': '<h1>', 'property="og:title"': '' };
    expect(recordOf('sold', gone).title).toBe('51k-Mile 1994 Testmake GT Coupe');
  });

  test('a dealer, and a page of before 2021 with its bold words', () => {
    const old = { '<strong>Private Party or Dealer</strong>: Private Party': '<b>Private Party or Dealer:</b> Dealer' };
    expect(recordOf('sold', old).sellerType).toBe('dealer');
    const bold = {
      '<strong>Listing Details</strong>': '<b>Listing Details:</b>',
      '<strong>Lot</strong> #': '<b>Lot</b> #',
    };
    expect(recordOf('sold', bold)).toMatchObject({ lotNumber: '258001', vin: '9TMGT3453R1000001' });
  });

  test('the description is not the dialog that looks like it, and has no empty paragraphs', () => {
    const html = listingHtml('sold', {
      '<p>Second paragraph.</p>': '<p><img src="x.jpg"></p><p>Second\n paragraph.</p>',
    });
    const moved = html.replace(
      '<div class="column column-left">',
      '<div class="site-modal"><div class="post-excerpt"><p>Decoy</p></div></div><div class="column column-left">',
    );
    expect(pageOf(moved).paragraphs).toEqual([
      'This 51k-Mile 1994 Testmake GT Coupe is a test car. It shows 51k miles.',
      'Second paragraph.',
    ]);
  });

  test('images are the originals of the gallery, each once, and only uploads of the site', () => {
    const gallery = (items: unknown) => JSON.stringify(items).replaceAll('"', '&quot;');
    const items = [
      { large: { url: `${uploads}/a-scaled.jpg?w=940` }, small: { url: `${uploads}/a-scaled.jpg?w=235` } },
      { original: { url: `${uploads}/b.png` } },
      { full: { url: `${uploads}/a.jpg#x` } },
      { full: { url: 'https://elsewhere.example/wp-content/uploads/c.jpg' } },
      { full: { url: 'https://bringatrailer.com/wp-content/themes/d.jpg' } },
      { full: { url: 'javascript:alert(1)' } },
      {},
    ];
    const html = listingHtml('sold').replace(/data-gallery-items="[^"]*"/, `data-gallery-items="${gallery(items)}"`);
    expect(pageOf(html).images).toHaveLength(6);
    const record = recordOf('sold', {
      [/data-gallery-items="[^"]*"/.exec(listingHtml('sold'))![0]]: `data-gallery-items="${gallery(items)}"`,
    });
    expect(record.imageUrls).toEqual([`${uploads}/a.jpg`, `${uploads}/b.png`]);
  });

  test('a lot is known by its canonical address, else by where it was found', () => {
    const canonical = {
      'https://bringatrailer.com/listing/1994-testmake-gt-7/': 'http://bringatrailer.com/listing/new-name?utm=1',
    };
    expect(recordOf('sold', canonical).url).toBe('https://bringatrailer.com/listing/new-name/');
    const none = { 'rel="canonical"': '', 'property="og:url"': '' };
    expect(recordOf('sold', none).url).toBe('https://bringatrailer.com/listing/somewhere/');
  });
});

describe('a page we do not know any more', () => {
  test.each([
    ['id="listing-bid"', '', '#listing-bid is missing'],
    ['class="essentials"', '', '.essentials is missing'],
    ['data-listing-currently="555001"', '', null],
    ['&quot;full&quot;: {', '&quot;full&quot; {', 'data-gallery-items is of another kind'],
    ['BAT_VMS = {', 'BAT_VMS = ', 'BAT_VMS is of another kind'],
    ['"likes": 0', '"likes": ', 'BAT_VMS is of another kind'],
    ['"comments": [{', '"comment": [{', 'BAT_VMS.comments is missing'],
    ['"content": "Happy', '"content": 7, "was": "Happy', 'BAT_VMS.comments[].content is of another kind in 1 of 5'],
  ])('with %j as %j', (text, instead, detail) => {
    const read = () => pageOf(listingHtml('sold', { [text]: instead }));
    if (detail === null) expect(read).not.toThrow();
    else expect(read).toThrow(expect.objectContaining({ kind: 'drifted', message: detail }));
  });

  test('brackets and quotes in comments do not end the list of comments', () => {
    const wild = { 'Happy to answer questions.': 'So }] \\"it\\" is \\\\' };
    expect(recordOf('sold', wild)).toMatchObject({ status: 'sold', price: 33000 });
  });
});

test.each(['cad', 'live', 'no-vin-no-gallery', 'reserve-not-met', 'rnm-accepted-later', 'sold', 'withdrawn'])(
  'of the page %s nothing is lost by reading only what belongs to the listing',
  (name) => {
    const page = htmlPage(listingHtml(name));
    expect(readListing(page)).toEqual(readListing({ ...page, loadOnly: () => page.load() }));
  },
);
