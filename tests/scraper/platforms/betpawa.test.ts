import { expect, test } from 'vitest';
import { ScrapeError } from '#scraper/errors.ts';
import { discover } from '#scraper/platforms/betpawa/discover.ts';
import { parseEvent } from '#scraper/platforms/betpawa/index.ts';
import { readFixture } from '../../fixtures/read-fixture.ts';
import { cannedSite, collect } from './canned-site.ts';
import { football } from './football.ts';

const at = new Date('2026-12-05T09:00:00Z');

const typical = 'event.v4.40000001';

function parse(name: string, changes: Record<string, unknown> = {}) {
  return football(parseEvent(readFixture(`betpawa/${name}.json`, changes), at));
}

/** A price of 1X2 beside the market in question, so that the event has something left when that one is refused. */
function withMarket(id: string, ...row: unknown[]) {
  const winner = { marketType: { id: '3743' }, row: [{ prices: [{ typeId: '3744', odds: 2 }] }] };
  return parse(typical, { markets: [winner, { marketType: { id }, row }] });
}

function slice(...ids: number[]) {
  return {
    responses: [{ responses: ids.map((id) => ({ id: String(id), name: 'A - B', startTime: '2026-12-05T15:00:00Z' })) }],
  };
}

async function keysOf(answers: unknown[]) {
  const canned = cannedSite((_, index) => answers[index] ?? slice());
  const found = await collect(discover(canned.site));
  const skips = canned.asked.map(({ query }) => JSON.parse(String(query?.q)).queries[0].skip as number);
  return { keys: found.map((batch) => batch.map(({ key }) => key)), skips, asked: canned.asked };
}

test('an event becomes one record with its prices', () => {
  const { event, skipped, said } = parse(typical);
  const { prices, ...head } = event;
  expect(head).toEqual({
    kind: 'odds',
    platform: 'betpawa',
    country: 'ng',
    eventId: '40000001',
    sportradarId: '90000001',
    geniusId: '13900001',
    event: 'Lagos Rovers FC - Kano Pillars City',
    home: 'Lagos Rovers FC',
    away: 'Kano Pillars City',
    sport: 'football',
    competition: { id: '91965', name: 'Premier Division', country: 'Nigeria' },
    kickoff: '2026-12-05T15:00:00.000Z',
    live: false,
    fetchedAt: '2026-12-05T09:00:00.000Z',
  });
  expect(prices).toHaveLength(14);
  expect(prices).toContainEqual({
    market: 'over_under',
    period: 'ft',
    line: 2.5,
    outcome: 'over',
    price: 2.05,
    sourceMarketId: '5000',
    sourceOutcomeId: '5001',
    sourceUpdatedAt: null,
  });
  expect({ skipped, said }).toEqual({ skipped: { notOffered: 0, unknownMarket: 0 }, said: [] });
});

test('version 3 says the same as version 4', () => {
  expect(parse('event.v3.40000001').event.prices).toEqual(parse(typical).event.prices);
});

test('double chance goes by type id: the second in the list is draw or away', () => {
  const prices = parse(typical).event.prices.filter(({ market }) => market === 'double_chance');
  expect(prices.map(({ outcome, price }) => [outcome, price])).toEqual([
    ['home_draw', 1.27],
    ['draw_away', 1.7],
    ['home_away', 1.32],
  ]);
});

test('a suspended price is left out, a plausible one as well', () => {
  const { event, skipped } = parse('event.v4.suspended');
  expect(event.prices.filter(({ market }) => market === '1x2').map(({ outcome }) => outcome)).toEqual(['draw', 'away']);
  expect(event.prices.filter(({ market }) => market === 'btts').map(({ outcome }) => outcome)).toEqual(['yes']);
  expect(skipped.notOffered).toBe(2);
});

test('an event of Genius alone has no Sportradar id', () => {
  expect(parse('event.v4.40000004').event).toMatchObject({ sportradarId: null, geniusId: '13900004' });
});

test('without widgets there are no ids, and without participants the name has both', () => {
  const name = 'Enugu Rangers - Aba Warriors (n)';
  const { event } = parse(typical, { widgets: undefined, participants: undefined, name });
  expect(event).toMatchObject({ sportradarId: null, geniusId: null, home: 'Enugu Rangers', away: 'Aba Warriors' });
});

test('home and away go by position, not by order', () => {
  const { event } = parse(typical, { 'participants[0].position': 2, 'participants[1].position': 1 });
  expect(event.event).toBe('Kano Pillars City - Lagos Rovers FC');
});

test('a neutral venue is no part of a name', () => {
  expect(parse('event.v4.neutral-venue-suffix').event.event).toBe('Enugu Rangers - Aba Warriors');
});

test.each([
  ['its handicap, a quarter of it', { handicap: -2, specifier: { hcp: '9' } }, -0.5],
  ['quarters of a goal', { handicap: 1 }, 0.25],
  ['zero', { handicap: 0 }, 0],
  ['the specifier when there is no handicap', { specifier: { hcp: '0' } }, 0],
  ['the specifier when the handicap is null', { handicap: null, specifier: { hcp: '-0.5' } }, -0.5],
])('the line of a row is %s', (_, row, line) => {
  const prices = [{ typeId: '3775', odds: 1.9, handicap: '-7' }];
  const { event } = withMarket('3774', { ...row, prices });
  expect(event.prices.find(({ market }) => market === 'asian_handicap')?.line).toBe(line);
});

test('totals read their handicap although the specifier holds four times the line', () => {
  const prices = [{ typeId: '5001', odds: 1.06 }];
  const { event } = withMarket('5000', { handicap: 2, specifier: { total: '2' }, prices });
  expect(event.prices.at(-1)).toMatchObject({ market: 'over_under', line: 0.5 });
});

test('a row without any line, and one with a strange outcome, are left out and counted', () => {
  const { event, said } = withMarket(
    '3774',
    { prices: [{ typeId: '3775', odds: 1.9, handicap: '-0.5' }] },
    { handicap: -4, prices: [{ typeId: '9999', odds: 1.9 }] },
  );
  expect(event.prices.map(({ market }) => market)).toEqual(['1x2']);
  expect(said).toEqual([
    'market 3774 (asian_handicap ft) has no line in 1 of 2',
    'market 3774 (asian_handicap ft) has an outcome we do not know: 9999 in 1 of 2',
  ]);
});

test('a handicap without any line is the line of 0 where that is set', () => {
  const market = { marketType: { id: '3774' }, row: [{ prices: [{ typeId: '3775', odds: 1.9 }] }] };
  const answer = readFixture(`betpawa/${typical}.json`, { markets: [market] });
  expect(() => parseEvent(answer, at)).toThrowError('market 3774 (asian_handicap ft) has no line');
  const { event } = football(parseEvent(answer, at, { country: 'ke', zeroLineLeftOut: true }));
  expect(event).toMatchObject({ country: 'ke', prices: [{ line: 0, outcome: 'home' }] });
});

test('halves of the match are periods of the same markets', () => {
  const { event } = withMarket('4976', { handicap: 2, prices: [{ typeId: '4977', odds: 1.2 }] });
  expect(event.prices.at(-1)).toMatchObject({ market: 'over_under', period: '2h', line: 0.5, outcome: 'over' });
});

test('a suspended price may leave its odds out, an open one may not', () => {
  expect(withMarket('3795', { prices: [{ typeId: '3796', suspended: true }] }).skipped.notOffered).toBe(1);
  const { event, said } = withMarket('3795', { prices: [{ typeId: '3796' }, { typeId: '3797', odds: 2 }] });
  expect(said).toEqual(['markets[].row[].prices[].odds is missing in 1 of 3']);
  expect(event.prices.map(({ market }) => market)).toEqual(['1x2']);
  expect(event.unread).toEqual([{ market: 'btts', period: 'ft' }]);
});

test('an event that has started is live', () => {
  expect(parse(typical, { additionalInfo: { live: true } }).event.live).toBe(true);
});

test('an event without markets has no prices, unless it says that it has some', () => {
  expect(parse(typical, { markets: undefined, totalMarketCount: undefined }).event.prices).toEqual([]);
  expect(() => parse(typical, { markets: undefined })).toThrowError('markets is missing');
});

test.each(['id', 'startTime', 'category', 'competition'])('an event without %s is drifted, and says so', (place) => {
  expect(() => parse(typical, { [place]: undefined })).toThrowError(
    expect.objectContaining({ kind: 'drifted', message: `${place} is missing` }),
  );
});

test.each([
  ['markets[0].row[0].prices[0].typeId', 'markets[].row[].prices[].typeId is missing in 1 of 14'],
  ['markets[0].row[0].prices[0].odds', 'markets[].row[].prices[].odds is missing in 1 of 14'],
  ['markets[0].row[0].prices', 'markets[].row[].prices is missing in 1 of 6'],
  ['markets[1].row', 'markets[].row is missing in 1 of 4'],
])('a market without %s is left out, and said with how many there are', (place, message) => {
  const { event, said } = parse(typical, { [place]: undefined });
  expect(said).toEqual([message]);
  expect(event.prices.length).toBeGreaterThan(5);
});

test('an event of which every price lacks its odds is drifted, with all of them counted', () => {
  const answer = JSON.stringify(readFixture(`betpawa/${typical}.json`)).replaceAll('"odds":', '"oddsNew":');
  expect(() => parseEvent(JSON.parse(answer), at)).toThrowError(
    expect.objectContaining({
      kind: 'drifted',
      message: 'markets[].row[].prices[].odds is missing in 14 of 14',
      drift: { path: 'markets[].row[].prices[].odds', problem: 'is missing', count: 14, of: 14 },
    }),
  );
});

test('a market without its type is drift of the whole list', () => {
  expect(() => parse(typical, { 'markets[2].marketType': undefined })).toThrowError(
    'markets[].marketType is missing in 1 of 4',
  );
});

test('a kickoff that is no moment is drifted', () => {
  expect(() => parse(typical, { startTime: 'soon' })).toThrowError('startTime is no moment in time');
});

test.each(['3', '452', '7'])('an event of category %s is not taken for football', (id) => {
  const markets = [{ marketType: { id: '2043818' }, row: [{ prices: [{ typeId: '2043819', odds: 1.5 }] }] }];
  const answer = readFixture(`betpawa/${typical}.json`, { category: { id, name: 'Tennis' }, markets });
  expect(parseEvent(answer, at)).toEqual({ kind: 'other_sport', sport: 'Tennis' });
});

test.each([[null], [[]], ['text'], [7], [{}], [{ responses: [] }]])('the answer %j is drifted', (answer) => {
  expect(() => parseEvent(answer, at)).toThrowError(expect.objectContaining({ kind: 'drifted' }));
});

test('slices go on by the rows received, however few, and end at an empty one', async () => {
  const { keys, skips } = await keysOf([slice(1, 2, 3), slice(4), slice()]);
  expect(keys).toEqual([['1', '2', '3'], ['4']]);
  expect(skips).toEqual([0, 3, 4]);
});

test('events that move between slices are taken once', async () => {
  const { keys, skips } = await keysOf([slice(1, 2), slice(2, 3), slice()]);
  expect(keys).toEqual([['1', '2'], ['3']]);
  expect(skips).toEqual([0, 2, 4]);
});

test('a site that repeats its slice for ever is left, and said: the list did not come to its end', async () => {
  const canned = cannedSite(() => slice(1, 2));
  expect((await collect(discover(canned.site))).flat().map(({ key }) => key)).toEqual(['1', '2']);
  expect(canned.asked).toHaveLength(3);
  expect(canned.reports).toMatchObject([{ error: { message: 'the list repeats itself after 2 of more events' } }]);
});

test('a listing that never ends is left after 400 slices, and said', async () => {
  const canned = cannedSite((_, index) => slice(index + 1));
  expect((await collect(discover(canned.site))).flat()).toHaveLength(400);
  expect(canned.reports).toEqual([{ error: expect.objectContaining({ kind: 'api_error' }), what: undefined }]);
});

test('football that is still to come is asked for, fifty rows at a time', async () => {
  const { asked } = await keysOf([]);
  expect(JSON.parse(String(asked[0]?.query?.q))).toEqual({
    queries: [
      {
        query: { eventType: 'UPCOMING', categories: ['2'], zones: {}, hasOdds: true },
        view: { marketTypes: ['3743'] },
        skip: 0,
        take: 50,
        sort: { startTime: 'DESC' },
      },
    ],
  });
});

test.each(['by-queries.empty', 'by-queries.empty-object'])('%s is a day without events', async (name) => {
  expect((await keysOf([readFixture(`betpawa/${name}.json`)])).keys).toEqual([]);
});

test('rows need no widgets and no markets', async () => {
  const { keys } = await keysOf([readFixture('betpawa/by-queries.v4.rows-without-widgets.json')]);
  expect(keys).toEqual([['40000001']]);
});

test('a listing without its responses, or a row without a start, is drift, and named', async () => {
  await expect(keysOf([{ events: [] }])).rejects.toMatchObject({ kind: 'drifted', message: 'responses is missing' });
  await expect(keysOf([{ responses: [{ responses: [{ id: '1' }] }] }])).rejects.toMatchObject({
    kind: 'drifted',
    message: 'responses[].responses[].startTime is missing',
  });
});

test('a listing that answers 404 was moved, not emptied', async () => {
  const canned = cannedSite(() => {
    throw new ScrapeError('not_found', 'status 404');
  });
  await expect(collect(discover(canned.site))).rejects.toMatchObject({ kind: 'drifted' });
});
