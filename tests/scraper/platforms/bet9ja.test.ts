import { expect, test } from 'vitest';
import { ScrapeError } from '#scraper/errors.ts';
import type { Ask } from '#scraper/http.ts';
import { discover } from '#scraper/platforms/bet9ja/discover.ts';
import { parseEvent } from '#scraper/platforms/bet9ja/index.ts';
import { splitKey } from '#scraper/platforms/bet9ja/markets.ts';
import { readFixture } from '../../fixtures/read-fixture.ts';
import { cannedSite, collect } from './canned-site.ts';
import { football } from './football.ts';

const at = new Date('2026-12-05T09:00:00Z');

const typical = 'GetEvent.800000001';

function parse(name: string, changes: Record<string, unknown> = {}) {
  return football(parseEvent(readFixture(`bet9ja/${name}.json`, changes), at));
}

function withOdds(odds: unknown) {
  return parse(typical, { 'D.O': odds });
}

function sports(groups: unknown, other: Record<string, unknown> = {}) {
  return { R: 'OK', D: { PAL: { 1: { S_DESC: 'Soccer', SG: { 9: { SG_DESC: 'X', G: groups } } }, ...other } } };
}

function group(...ids: number[]) {
  return { R: 'OK', D: { E: ids.map((ID) => ({ ID, DS: 'A - B', STARTDATE: '2026-12-05 15:00:00' })) } };
}

function isSports({ path }: Ask): boolean {
  return path.endsWith('/GetSports');
}

function noise(S_DESC: string) {
  return { S_DESC, SG: { 1: { G: { 666: { NUM: 5 } } } } };
}

/** A site whose groups 1, 2, 3 … answer with these, in this order; an Error is thrown. */
function siteWith(...answers: unknown[]) {
  const tree = sports(Object.fromEntries(answers.map((_, index) => [index + 1, { NUM: 1 }])));
  return cannedSite((ask) => {
    if (isSports(ask)) return tree;
    const answer = answers[Number(ask.query?.GROUPID) - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

test('an event becomes one record with its prices', () => {
  const { event, skipped, said } = parse(typical);
  const { prices, ...head } = event;
  expect(head).toEqual({
    kind: 'odds',
    platform: 'bet9ja',
    country: 'ng',
    eventId: '800000001',
    sportradarId: '90000001',
    geniusId: null,
    event: 'Lagos Rovers - Kano Pillars',
    home: 'Lagos Rovers',
    away: 'Kano Pillars',
    sport: 'football',
    competition: { id: '970880', name: 'Premier Div.', country: 'Nigeria' },
    kickoff: '2026-12-05T15:00:00.000Z',
    live: false,
    fetchedAt: '2026-12-05T09:00:00.000Z',
  });
  expect(prices).toContainEqual({
    market: 'over_under',
    period: 'ft',
    line: 2.5,
    outcome: 'over',
    price: 2.05,
    sourceMarketId: 'S_OU@2.5',
    sourceOutcomeId: 'O',
    sourceUpdatedAt: null,
  });
  expect(prices.filter(({ line }) => line === 5.5).map(({ outcome }) => outcome)).toEqual(['over']);
  expect(prices).toHaveLength(22);
  expect({ skipped, said }).toEqual({ skipped: { notOffered: 0, unknownMarket: 3 }, said: [] });
});

test('values of 1, - and nothing are not offered', () => {
  const { event, skipped } = parse('GetEvent.suspended-values');
  expect(event.prices.filter(({ market }) => market === '1x2').map(({ outcome }) => outcome)).toEqual(['away']);
  expect(event.prices.filter(({ market }) => market === 'btts').map(({ outcome }) => outcome)).toEqual(['no']);
  expect(skipped.notOffered).toBe(3);
});

test.each([
  ['S_OU@2.5_O', { market: 'OU', line: '2.5', outcome: 'O', marketId: 'S_OU@2.5' }],
  ['S_AH@-0.5_1', { market: 'AH', line: '-0.5', outcome: '1', marketId: 'S_AH@-0.5' }],
  ['S_1X2HND@-1_XH', { market: '1X2HND', line: '-1', outcome: 'XH', marketId: 'S_1X2HND@-1' }],
  ['S_1X21_X1', { market: '1X21', line: null, outcome: 'X1', marketId: 'S_1X21' }],
  ['S_HTFT_1/1', { market: 'HTFT', line: null, outcome: '1/1', marketId: 'S_HTFT' }],
  ['S_DCMULTI4-5_1X', { market: 'DCMULTI4-5', line: null, outcome: '1X', marketId: 'S_DCMULTI4-5' }],
  ['S_OU@_O', { market: 'OU', line: '', outcome: 'O', marketId: 'S_OU@' }],
  ['LIVES_OU@2.5_O', null],
  ['B_12_1', null],
  ['S_1X2', null],
  ['', null],
])('the key %s is taken apart whole', (key, parts) => {
  expect(splitKey(key)).toEqual(parts);
});

test('promotions of 1X2, Asian totals, team totals and other sports are none of ours', () => {
  const { event, skipped } = withOdds({
    S_1X2_1: '2.1',
    S_1X21_11: '1.5',
    S_1X22_12: '1.6',
    'S_OUA@2.5_O': '1.9',
    'S_HAOU@2.5_OH': '1.9',
    T_12_1: '1.2',
    B_12_1: '1.4',
    'B_OUN@155.5_O': '1.9',
  });
  expect(event.prices.map(({ sourceMarketId, outcome }) => [sourceMarketId, outcome])).toEqual([['S_1X2', 'home']]);
  expect(skipped.unknownMarket).toBe(7);
});

test('halves of the match are periods of the same markets', () => {
  const { event } = withOdds({
    S_1X21T_1: '2.9',
    S_1X22T_X: '2.2',
    'S_OU1T@0.5_O': '1.4',
    'S_OU2T@1.5_U': '1.6',
    S_GGNG1T_Y: '4.3',
    S_DC2T_X2: '1.3',
    S_DNB1T_2: '1.9',
    'S_1X2HNDHT@-1_X': '4.3',
    'S_1X2HND2TN@1_2': '9.2',
  });
  expect(event.prices.map(({ market, period, line, outcome }) => `${market} ${period} ${line} ${outcome}`)).toEqual([
    '1x2 1h null home',
    '1x2 2h null draw',
    'over_under 1h 0.5 over',
    'over_under 2h 1.5 under',
    'btts 1h null yes',
    'double_chance 2h null draw_away',
    'draw_no_bet 1h null away',
    'european_handicap 1h -1 draw',
    'european_handicap 2h 1 away',
  ]);
});

test('a market without its line, with a strange line or a strange outcome is left out and counted', () => {
  const { event, said } = withOdds({
    S_1X2_1: '2.1',
    S_OU_O: '1.9',
    'S_OU@x_O': '1.9',
    'S_AH@_1': '1.9',
    'S_DNB@1_1': '1.9',
    'S_OU@2.5_O': '1.9',
    'S_OU@2.5_E': '8',
  });
  expect(event.prices.map(({ market }) => market)).toEqual(['1x2']);
  expect(said).toEqual([
    'market OU (over_under ft) has no line in 1 of 3',
    'market OU (over_under ft) has a line we cannot read in 1 of 3',
    'market AH (asian_handicap ft) has a line we cannot read',
    'market DNB (draw_no_bet ft) has a line',
    'market OU (over_under ft) has an outcome we do not know: E in 1 of 3',
  ]);
  expect(event.unread).toHaveLength(5);
  expect(event.unread).toContainEqual({ market: 'draw_no_bet', period: 'ft' });
});

test('prices come as text or as numbers', () => {
  expect(withOdds({ S_1X2_1: 2.1, S_1X2_X: '3' }).event.prices.map(({ price }) => price)).toEqual([2.1, 3]);
});

test('an event whose odds are an empty list has none', () => {
  expect(withOdds([]).event.prices).toEqual([]);
});

test('without a Sportradar id there is none, and the title is split at its first separator', () => {
  const { event } = parse(typical, { 'D.EXTID': '', 'D.DS': ' A - B - C ' });
  expect(event).toMatchObject({ sportradarId: null, home: 'A', away: 'B - C', event: 'A - B - C' });
});

test('STARTDATEUTC wins over STARTDATE', () => {
  const { event } = parse(typical, { 'D.STARTDATEUTC': '2026-12-05 14:00:00' });
  expect(event.kickoff).toBe('2026-12-05T14:00:00.000Z');
});

test('STARTDATE is as many minutes ahead of UTC as is set, and what the site says otherwise is remarked', () => {
  const with60 = (changes: Record<string, unknown>) =>
    football(parseEvent(readFixture(`bet9ja/${typical}.json`, changes), at, 60));
  expect(with60({})).toMatchObject({ event: { kickoff: '2026-12-05T14:00:00.000Z' }, remarks: [] });
  expect(with60({ 'D.STARTDATEUTC': '2026-12-05 14:00:00' }).remarks).toEqual([]);
  const differs = with60({ 'D.STARTDATEUTC': '2026-12-05 15:00:00' });
  expect(differs.event.kickoff).toBe('2026-12-05T15:00:00.000Z');
  expect(differs.remarks).toEqual([
    'STARTDATE is 0 minutes ahead of STARTDATEUTC, which counts; sites.bet9ja.startDateOffsetMinutes says 60',
  ]);
});

test.each(['D.O', 'D.ID', 'D.STARTDATE', 'D.DS', 'D.GN', 'D.SID'])(
  'an event without %s is drifted, and says so',
  (place) => {
    expect(() => parse(typical, { [place]: undefined })).toThrowError(
      expect.objectContaining({ kind: 'drifted', message: `${place} is missing` }),
    );
  },
);

test.each([
  ['D.STARTDATE', 'soon', 'is no moment in time'],
  ['D.DS', 'Champion', 'is not two names'],
])('an event whose %s is %j is drifted', (place, value, problem) => {
  expect(() => parse(typical, { [place]: value })).toThrowError(
    expect.objectContaining({ kind: 'drifted', message: `${place} ${problem}` }),
  );
});

test('a market with a value that is none is left out, and the others are read', () => {
  const { event, said } = parse(typical, { 'D.O.S_1X2_1': { v: 2 } });
  expect(said).toEqual([expect.stringMatching(/^D\.O\[\] is of another kind in 1 of \d+$/)]);
  expect(event.unread).toEqual([{ market: '1x2', period: 'ft' }]);
  expect(event.prices.length).toBeGreaterThan(10);
});

test('an answer of the live feed is a match under way, of which nothing is sold here', () => {
  const { event } = parse('GetLiveEvent.9000001.suspended');
  expect(event).toMatchObject({ live: true, prices: [] });
});

test.each([
  [2, 'Basketball', { B_12_1: '1.4' }],
  [5, undefined, { T_12_1: '1.2' }],
])('an event of sport %d is another sport, not a fault', (SID, S, O) => {
  const answer = readFixture(`bet9ja/${typical}.json`, { 'D.SID': SID, 'D.S': S, 'D.O': O });
  expect(parseEvent(answer, at)).toEqual({ kind: 'other_sport', sport: S ?? String(SID) });
});

test('R says what happened: OK and D are good, E is gone, all else an error of the site', () => {
  const { D } = readFixture('bet9ja/GetEvent.800000001.json') as { D: unknown };
  expect(football(parseEvent({ R: 'D', D }, at)).event.prices).toHaveLength(22);
  expect(() => parse('error.R-E.event-not-found')).toThrowError(expect.objectContaining({ kind: 'not_found' }));
  expect(() => parse('error.R-ERROR')).toThrowError(expect.objectContaining({ kind: 'api_error' }));
  expect(() => parseEvent({ R: 'OK' }, at)).toThrowError(expect.objectContaining({ kind: 'api_error' }));
});

test.each([[null], [[]], ['text'], [7], [{}], [{ R: 'OK', D: [] }], [{ R: 'OK', D: 'x' }]])(
  'the answer %j is drifted',
  (answer) => {
    expect(() => parseEvent(answer, at)).toThrowError(expect.objectContaining({ kind: 'drifted' }));
  },
);

test('only soccer groups that have events are asked', async () => {
  const canned = cannedSite((ask) =>
    isSports(ask) ? readFixture('bet9ja/GetSports.json') : readFixture('bet9ja/GetEventsInGroup.970880.E-as-dict.json'),
  );
  const found = await collect(discover(canned.site));
  expect(canned.asked.slice(1).map(({ query }) => query?.GROUPID)).toEqual(['970880']);
  expect(found.flat()).toEqual([
    {
      key: '800000001',
      priority: Date.parse('2026-12-05T15:00:00Z'),
      payload: { name: 'Lagos Rovers - Kano Pillars', kickoff: '2026-12-05T15:00:00.000Z' },
    },
    expect.objectContaining({ key: '800000002' }),
  ]);
});

test('outrights, players and computer games that call themselves soccer are left alone', async () => {
  const tree = sports(
    { 7: { NUM: '2' } },
    { 301: noise('Soccer Players'), 302: noise('Soccer Antepost'), 4: noise('Zoom Soccer') },
  );
  const canned = cannedSite((ask) => (isSports(ask) ? tree : group(1)));
  await collect(discover(canned.site));
  expect(canned.asked.slice(1).map(({ query }) => query?.GROUPID)).toEqual(['7']);
});

test('a group that fails is reported, and the others are still asked', async () => {
  const canned = siteWith(group(1), new ScrapeError('unreachable', 'status 503'), { R: 'OK', D: { X: 1 } }, group(4));
  const found = await collect(discover(canned.site));
  expect(found.flat().map(({ key }) => key)).toEqual(['1', '4']);
  expect(canned.reports).toEqual([
    { error: expect.objectContaining({ kind: 'unreachable' }), what: 'group 2' },
    { error: expect.objectContaining({ kind: 'drifted', message: 'D.E is missing' }), what: 'group 3' },
  ]);
});

test.each(['blocked', 'rate_limited', 'cancelled'] as const)('being %s ends the step', async (kind) => {
  const answers = [group(1), new ScrapeError(kind, 'here'), group(3), group(4), group(5)];
  const canned = siteWith(...answers);
  await expect(collect(discover(canned.site))).rejects.toMatchObject({ kind });
  expect(canned.asked.some(({ query }) => query?.GROUPID === '5')).toBe(false);
});

test('a site of which no group answers has failed, not emptied', async () => {
  const down = new ScrapeError('unreachable', 'status 503');
  await expect(collect(discover(siteWith(down, down, down, down, down).site))).rejects.toBe(down);
});

test.each([
  ['an empty list', readFixture('bet9ja/GetEventsInGroupV2.970881.empty.json')],
  ['no object at all', { R: 'OK', D: [] }],
  ['an empty object', { R: 'OK', D: {} }],
])('a group of %s has no events', async (_, answer) => {
  const canned = siteWith(answer, group(2));
  expect((await collect(discover(canned.site))).flat().map(({ key }) => key)).toEqual(['2']);
  expect(canned.reports).toEqual([]);
});

test('an event in two groups is one event', async () => {
  const canned = siteWith(group(1, 2), group(2, 3));
  expect((await collect(discover(canned.site))).flat().map(({ key }) => key)).toEqual(['1', '2', '3']);
});

test('groups in a list go by their own ids, and a list without ids is drift', async () => {
  const canned = cannedSite((ask) => (isSports(ask) ? sports([{ ID: 970880, NUM: 1 }]) : group(1)));
  await collect(discover(canned.site));
  expect(canned.asked[1]?.query?.GROUPID).toBe('970880');
  const nameless = cannedSite(() => sports([{ NUM: 1 }]));
  await expect(collect(discover(nameless.site))).rejects.toMatchObject({ kind: 'drifted' });
});

test('a tree without sports is an idle day, one without soccer is drift', async () => {
  expect(await collect(discover(cannedSite(() => ({ R: 'OK', D: { PAL: [] } })).site))).toEqual([]);
  const other = { R: 'OK', D: { PAL: { 2: { S_DESC: 'Basketball', SG: [] } } } };
  await expect(collect(discover(cannedSite(() => other).site))).rejects.toMatchObject({ kind: 'drifted' });
});
