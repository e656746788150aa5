import { expect, test } from 'vitest';
import { discover } from '#scraper/platforms/sportybet/discover.ts';
import { parseEvent, sportybet } from '#scraper/platforms/sportybet/index.ts';
import { readFixture } from '../../fixtures/read-fixture.ts';
import { cannedSite, collect } from './canned-site.ts';
import { football } from './football.ts';

const at = new Date('2026-12-05T09:00:00Z');

function parse(name: string, changes: Record<string, unknown> = {}) {
  return football(parseEvent(readFixture(`sportybet/${name}.json`, changes), at));
}

function listed(id: string) {
  return { eventId: `sr:match:${id}`, estimateStartTime: 1796482800000 + Number(id) };
}

function page(totalNum: number, ...tournaments: string[][]) {
  const data = { totalNum, tournaments: tournaments.map((ids) => ({ events: ids.map(listed) })) };
  return { bizCode: 10000, message: '0#0', data };
}

async function keysOf(answers: unknown[]) {
  const canned = cannedSite((_, index) => answers[index] ?? page(0));
  const found = await collect(discover(canned.site));
  return { keys: found.map((batch) => batch.map(({ key }) => key.replace('sr:match:', ''))), asked: canned.asked };
}

test('an event becomes one record with its prices', () => {
  const { event, skipped, said } = parse('event.90000001');
  const { prices, ...head } = event;
  expect(head).toEqual({
    kind: 'odds',
    platform: 'sportybet',
    country: 'ng',
    eventId: 'sr:match:90000001',
    sportradarId: '90000001',
    geniusId: null,
    event: 'Lagos Rovers FC - Kano Pillars City',
    home: 'Lagos Rovers FC',
    away: 'Kano Pillars City',
    sport: 'football',
    competition: { id: 'sr:tournament:90017', name: 'Premier Division', country: 'Nigeria' },
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
    sourceMarketId: '18',
    sourceOutcomeId: '12',
    sourceUpdatedAt: '2026-12-04T16:00:00.000Z',
  });
  expect({ skipped, said }).toEqual({ skipped: { notOffered: 0, unknownMarket: 0 }, said: [] });
});

test('double chance goes by outcome id: the second in the list is home or away', () => {
  const prices = parse('event.90000001').event.prices.filter(({ market }) => market === 'double_chance');
  expect(prices.map(({ outcome, price }) => [outcome, price])).toEqual([
    ['home_draw', 1.27],
    ['home_away', 1.32],
    ['draw_away', 1.7],
  ]);
});

test('a suspended market and a suspended outcome are left out although they keep their prices', () => {
  const { event, skipped } = parse('event.suspended-and-missing-fields');
  expect(event.prices.filter(({ market }) => market === '1x2')).toEqual([]);
  expect(event.prices.filter(({ line }) => line === 2.5).map(({ outcome }) => outcome)).toEqual(['under']);
  expect(event.prices.filter(({ line }) => line === 1.5).map(({ outcome }) => outcome)).toEqual(['over']);
  expect(skipped.notOffered).toBe(5);
  expect(event.prices.filter(({ market }) => market === 'btts').map((one) => one.sourceUpdatedAt)).toEqual([
    null,
    null,
  ]);
});

test('an id of seven ones carries a Genius id and no Sportradar id', () => {
  const { event } = parse('event.genius13900004');
  expect(event).toMatchObject({ eventId: 'sr:match:111111113900004', sportradarId: null, geniusId: '13900004' });
});

test('a Genius source beside a true Sportradar id gives both', () => {
  const source = { sourceType: 'BET_GENIUS', sourceId: '111111113900001' };
  const { event } = parse('event.90000001', { 'data.eventSource.preMatchSource': source });
  expect(event).toMatchObject({ sportradarId: '90000001', geniusId: '13900001' });
});

test('an event that has started is live and has nothing to sell here', () => {
  const { event } = parse('event.live.productId3');
  expect(event.live).toBe(true);
  expect(event.prices).toEqual([]);
});

test.each([
  ['0:1', -1],
  ['1:0', 1],
  ['0:3', -3],
  ['0:0', 0],
])('a European handicap of %s is the line %d, seen from home', (starts, line) => {
  const outcomes = [
    { id: '1713', odds: '1.56', isActive: 1 },
    { id: '1711', odds: '4.75', isActive: 1 },
  ];
  const market = { id: '14', specifier: `hcp=${starts}`, status: 0, outcomes };
  const { prices } = parse('event.90000001', { 'data.markets': [market] }).event;
  expect(prices.map((one) => [one.market, one.line, one.outcome])).toEqual([
    ['european_handicap', line, 'away'],
    ['european_handicap', line, 'home'],
  ]);
});

test('a market of ours with somebody else’s specifier is left out and counted', () => {
  const { event, said } = parse('event.90000001', {
    'data.markets[0].specifier': 'minsnr=10',
    'data.markets[1].specifier': 'minsnr=10|total=1.5',
  });
  expect(said).toEqual([
    'market 1 (1x2 ft) has a line we cannot read',
    expect.stringMatching(/^market 18 \(over_under ft\) has no line in 1 of \d$/),
  ]);
  expect(event.prices.some(({ market, line }) => market === '1x2' || line === 1.5)).toBe(false);
});

test.each(['data.markets', 'data.estimateStartTime', 'data.homeTeamName', 'data.sport.category'])(
  'an event without %s is drifted, and says so',
  (place) => {
    expect(() => parse('event.90000001', { [place]: undefined })).toThrowError(
      expect.objectContaining({ kind: 'drifted', message: `${place} is missing` }),
    );
  },
);

test.each([
  ['data.estimateStartTime', 1e300, 'is no moment in time'],
  ['data.estimateStartTime', 'soon', 'is of another kind'],
])('an event whose %s is %j is drifted', (place, value, problem) => {
  expect(() => parse('event.90000001', { [place]: value })).toThrowError(
    expect.objectContaining({ kind: 'drifted', message: `${place} ${problem}` }),
  );
});

test.each([
  ['data.markets[3].outcomes[0].odds', 'data.markets[].outcomes[].odds is missing in 1 of 14'],
  ['data.markets[1].outcomes[1].isActive', 'data.markets[].outcomes[].isActive is missing in 1 of 14'],
  ['data.markets[0].status', 'data.markets[].status is missing in 1 of 6'],
  ['data.markets[2].outcomes', 'data.markets[].outcomes is missing in 1 of 6'],
])('a market without %s is left out, and said with how many there are', (place, message) => {
  const { event, said } = parse('event.90000001', { [place]: undefined });
  expect(said).toEqual([message]);
  expect(event.unread).toHaveLength(1);
  expect(event.prices.length).toBeGreaterThan(5);
});

test('an event of which every outcome lacks its odds is drifted, with all of them counted', () => {
  const answer = JSON.stringify(readFixture('sportybet/event.90000001.json')).replaceAll('"odds":', '"oddsNew":');
  expect(() => parseEvent(JSON.parse(answer), at)).toThrowError(
    expect.objectContaining({
      kind: 'drifted',
      message: 'data.markets[].outcomes[].odds is missing in 14 of 14',
      drift: { path: 'data.markets[].outcomes[].odds', problem: 'is missing', count: 14, of: 14 },
    }),
  );
});

test.each(['sr:sport:2', 'sr:sport:5'])('an event of %s is another sport, not a fault', (id) => {
  const answer = readFixture('sportybet/event.90000001.json', { 'data.sport.id': id, 'data.markets': [{ id: '186' }] });
  expect(parseEvent(answer, at)).toEqual({ kind: 'other_sport', sport: id });
});

test('halves of the match are periods of the same markets, under the same outcome ids', () => {
  const market = (id: string, specifier?: string) => ({
    id,
    specifier,
    status: 0,
    outcomes: [{ id: specifier ? '12' : '1', odds: '2.15', isActive: 1 }],
  });
  const { event } = parse('event.90000001', {
    'data.markets': [market('60'), market('83'), market('68', 'total=1'), market('90', 'total=1.5')],
  });
  expect(event.prices.map(({ market: key, period, line }) => `${key} ${period} ${line}`)).toEqual([
    '1x2 1h null',
    '1x2 2h null',
    'over_under 1h 1',
    'over_under 2h 1.5',
  ]);
});

test('what nobody has evidence of is remarked: a state beside 0 and 1, another source', () => {
  const { event, remarks } = parse('event.90000001', {
    'data.markets[0].status': 3,
    'data.eventSource.liveSource': { sourceType: 'BET_OTHER', sourceId: '1' },
  });
  expect(event.prices.some(({ market }) => market === '1x2')).toBe(false);
  expect(remarks).toEqual([
    'an event has a source that is not known',
    'a market has a state beside 0 and 1; it counts as not offered',
  ]);
});

test('a broken market that is none of ours spoils nothing', () => {
  const { event, skipped } = parse('event.90000001', {
    'data.markets[6]': { id: '60200', outcomes: null },
    'data.markets[7]': { id: 900 },
  });
  expect(event.prices).toHaveLength(14);
  expect(skipped.unknownMarket).toBe(2);
});

test('bizCode 19000 about an event means that it is gone', () => {
  expect(() => parse('error.bizcode-19000')).toThrowError(expect.objectContaining({ kind: 'not_found' }));
});

test('success without data, and any other bizCode, are errors of the site', () => {
  expect(() => parse('error.no-data-key')).toThrowError(expect.objectContaining({ kind: 'api_error' }));
  expect(() => parseEvent({ bizCode: 11000, message: 'busy', data: {} }, at)).toThrowError(
    expect.objectContaining({ kind: 'api_error', message: 'bizCode 11000' }),
  );
});

test.each([[null], [[]], ['text'], [7], [{}], [{ bizCode: '10000', data: {} }]])(
  'the answer %j is drifted',
  (answer) => {
    expect(() => parseEvent(answer, at)).toThrowError(expect.objectContaining({ kind: 'drifted' }));
  },
);

test('a tournament that goes on on the next page, an event with it, is taken once', async () => {
  const { keys } = await keysOf([page(5, ['1', '2'], ['3']), page(5, ['3', '4', '5'])]);
  expect(keys).toEqual([
    ['1', '2', '3'],
    ['4', '5'],
  ]);
});

test('an overlap of pages costs no event: pages go on until as many different ones came as there are', async () => {
  const { keys } = await keysOf([page(5, ['1', '2']), page(5, ['2', '3']), page(5, ['2', '3']), page(5, ['4', '5'])]);
  expect(keys.flat()).toEqual(['1', '2', '3', '4', '5']);
});

test('a page shorter than was asked for is not the last, and the cap is remarked', async () => {
  const canned = cannedSite((_, index) => page(3, [String(index + 1)]));
  expect((await collect(discover(canned.site))).flat()).toHaveLength(3);
  expect(canned.remarks).toContain('a page holds 1 rows at most, not the 100 that are asked for');
});

test('pages end when as many events came as there are', async () => {
  const answers = ['page1', 'page2', 'page3-past-end'].map((name) =>
    readFixture(`sportybet/pcUpcomingEvents.size2.${name}.json`),
  );
  const { keys, asked } = await keysOf(answers);
  expect(keys.flat()).toEqual(['90000001', '90000002', '90000003', '111111113900004']);
  expect(asked.map(({ query }) => [query?.pageNum, query?.pageSize])).toEqual([
    [1, 100],
    [2, 100],
  ]);
});

test('pages end at an empty one although more were promised', async () => {
  const { keys, asked } = await keysOf([page(900, ['1']), page(900)]);
  expect(keys).toEqual([['1']]);
  expect(asked).toHaveLength(2);
});

test('a site that repeats its page for ever is left, and said: the list did not come to its end', async () => {
  const canned = cannedSite(() => page(900, ['1', '2']));
  expect((await collect(discover(canned.site))).flat()).toHaveLength(2);
  expect(canned.asked).toHaveLength(3);
  expect(canned.reports).toMatchObject([{ error: { message: 'the list repeats itself after 2 of 900 events' } }]);
});

test('a listing that never ends is left after two hundred pages, and said', async () => {
  const canned = cannedSite((_, index) => page(1_000_000, [String(index + 1)]));
  expect((await collect(discover(canned.site))).flat()).toHaveLength(200);
  expect(canned.reports).toEqual([{ error: expect.objectContaining({ kind: 'api_error' }), what: undefined }]);
});

test.each([
  ['an empty list', readFixture('sportybet/pcEvents.empty.json')],
  ['no tournaments', page(0)],
  ['no tournaments key', { bizCode: 10000, data: { totalNum: 0 } }],
])('%s is a day without events', async (_, answer) => {
  expect((await keysOf([answer])).keys).toEqual([]);
});

test('a listing without data, or refused by bizCode, is an error of the site', async () => {
  await expect(keysOf([readFixture('sportybet/error.no-data-key.json')])).rejects.toMatchObject({ kind: 'api_error' });
  await expect(keysOf([readFixture('sportybet/error.bizcode-19000.json')])).rejects.toMatchObject({
    kind: 'api_error',
  });
});

test('a listed event without an id is drift, and named', async () => {
  const answer = { bizCode: 10000, data: { totalNum: 1, tournaments: [{ events: [{ estimateStartTime: 1 }] }] } };
  await expect(keysOf([answer])).rejects.toMatchObject({
    kind: 'drifted',
    message: 'data.tournaments[].events[].eventId is missing',
  });
});

test('events are worked on in the order of their kickoffs, under their own ids', async () => {
  const { site } = cannedSite(() => page(1, ['7']));
  const [[seed]] = (await collect(discover(site))) as [[unknown]];
  expect(seed).toEqual({
    key: 'sr:match:7',
    priority: 1796482800007,
    payload: { name: '? - ?', kickoff: '2026-12-05T15:00:00.007Z' },
  });
});

test('an answer about another event than the one asked for is not stored', async () => {
  const [, extract] = sportybet.steps;
  const { site } = cannedSite(() => readFixture('sportybet/event.90000001.json'));
  const item = { key: 'sr:match:1', priority: 0, payload: {}, step: 'extract', attempts: 0 };
  const work = extract?.kind === 'items' ? extract.work(item, site) : Promise.resolve();
  await expect(work).rejects.toMatchObject({ kind: 'drifted' });
});
