/** Hostile answers within the limits of size: each ends as a failure of its kind, and nothing else has to wait for it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import type { FailureKind } from '#scraper/errors.ts';
import { createPaces } from '#scraper/pace.ts';
import type { Platform } from '#scraper/platform.ts';
import { bet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { betpawa } from '#scraper/platforms/betpawa/index.ts';
import { bringatrailer } from '#scraper/platforms/bringatrailer/index.ts';
import { sportybet } from '#scraper/platforms/sportybet/index.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { longestTurn, slowness } from '../helpers/longest-turn.ts';
import { serve } from '../helpers/loopback.ts';
import { memoryContext } from '../helpers/memory-context.ts';

/** Milliseconds: a heartbeat, a click and a ping of Discord's gateway wait no longer. */
const bearable = 200;
const characters = 3_900_000;
/** As many parts as one list may have, nearly. */
const most = 4_900;

function many(part: string, length = characters): string {
  return part.repeat(Math.floor(length / part.length));
}

function listOf(part: (index: number) => string, count: number): string {
  return `[${Array.from({ length: count }, (_, index) => part(index)).join(',')}]`;
}

function objectOf(count: number, member: (index: number) => string): string {
  return `{${Array.from({ length: count }, (_, index) => member(index)).join(',')}}`;
}

/** An event of SportyBet's with these markets, one of Bet9ja's with these odds, one of betPawa's with these markets. */
const sporty = (markets: string) =>
  `{"bizCode":10000,"data":{"eventId":"1","estimateStartTime":1,"status":0,"homeTeamName":"A","awayTeamName":"B",
   "sport":{"id":"sr:sport:1","category":{"tournament":{"name":"C"}}},"markets":${markets}}}`;
const nija = (odds: string) =>
  `{"R":"OK","D":{"ID":1,"DS":"A - B","STARTDATE":"2026-05-06 11:00:00","GN":"C","SID":"1","O":${odds}}}`;
const pawa = (markets: string) =>
  `{"id":"1","name":"A - B","startTime":"2026-08-21T09:30:00Z","category":{"id":"2"},"competition":{"name":"C"},
   "markets":${markets}}`;

const json = 'application/json';
const html = 'text/html; charset=utf-8';

type Case = [title: string, platform: Platform, type: string, body: () => string | Buffer, kind: FailureKind];

const cases: Case[] = [
  ['JSON of nothing but empty lists', sportybet, json, () => `[${many('[],')}[]]`, 'too_large'],
  ['JSON of nothing but numbers', bet9ja, json, () => `[${many('1,')}1]`, 'too_large'],
  ['JSON as deep as may be, over and over', betpawa, json, () => `[${many(deep(190))}0]`, 'too_large'],
  ['JSON of a text of NULs', sportybet, json, () => `"${many('\\u0000')}"`, 'drifted'],
  ['JSON of a text of escaped quotes', bet9ja, json, () => `"\\u0001${many('\\"')}"`, 'drifted'],
  ['JSON of one long number', betpawa, json, () => `[${many('9')}]`, 'drifted'],
  ['JSON that never closes what it opens', sportybet, json, () => `["${many('[\\"')}`, 'truncated'],
  ['JSON as large as a text may be', sportybet, json, () => `"${many('x', 9_900_000)}"`, 'too_large'],
  ['a text larger than any', bet9ja, json, () => `"${many('x', 19_000_000)}"`, 'too_large'],
  ['a text of control characters', betpawa, json, () => Buffer.alloc(9_900_000, 1), 'truncated'],
  ['a text that is none', sportybet, json, () => Buffer.alloc(9_900_000, 0xff), 'drifted'],
  ['markets that all lack everything', sportybet, json, () => sporty(listOf(() => '{"id":"1"}', most)), 'drifted'],
  ['more markets than any event', sportybet, json, () => sporty(listOf(() => '{}', 60_000)), 'too_large'],
  [
    'markets with outcomes nobody knows',
    sportybet,
    json,
    () => sporty(listOf((at) => `{"id":"1","status":0,"outcomes":[{"id":"x${at}","odds":"2","isActive":1}]}`, most)),
    'drifted',
  ],
  ['odds of another kind', bet9ja, json, () => nija(objectOf(most, (at) => `"S_OU@${at}.5_O":[]`)), 'drifted'],
  [
    'more odds than any event',
    bet9ja,
    json,
    () => nija(objectOf(100_000, (at) => `"S_OU@${at}.5_O":"2"`)),
    'too_large',
  ],
  ['a list where an object is due', bet9ja, json, () => nija(listOf(() => '1', 110_000)), 'too_large'],
  [
    'rows without prices',
    betpawa,
    json,
    () => pawa(`[{"marketType":{"id":"3743"},"row":${listOf(() => '{}', most)}}]`),
    'drifted',
  ],
  [
    'prices without anything, in row after row',
    betpawa,
    json,
    () => pawa(`[{"marketType":{"id":"3743"},"row":${listOf(() => `{"prices":${listOf(() => '{}', 70)}}`, 800)}}]`),
    'drifted',
  ],
  ['HTML nested without end', bringatrailer, html, () => many('<div>', 9_900_000), 'too_large'],
  ['HTML of attributes without end', bringatrailer, html, () => `<div ${many('a=1 ', 9_900_000)}>`, 'too_large'],
  ['HTML of millions of elements', bringatrailer, html, () => many('<i></i>', 9_900_000), 'too_large'],
  ['HTML of one long text', bringatrailer, html, () => many('x', 9_900_000), 'drifted'],
  ['HTML of control characters', bringatrailer, html, () => many('<p>\u0001', 9_900_000), 'too_large'],
  ['HTML larger than any page', bringatrailer, html, () => many('<p>', 19_000_000), 'too_large'],
];

function deep(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)},`;
}

/** One item of a platform whose site answers so. */
async function scrape(platform: Platform, type: string, body: Buffer) {
  const headers = { 'content-type': type, 'content-encoding': 'gzip' };
  await using site = await serve((_, response) => response.writeHead(200, headers).end(body));
  const payload = { url: 'https://bringatrailer.com/listing/lot-1/' };
  const context = memoryContext({ items: [{ key: '1', priority: 0, payload }], skip: ['discover'] });
  const result = await runPlatform(platform, context, {
    baseUrl: site.url,
    pace: { gapMs: 0 },
    http: { paces: createPaces(), limits: { retries: 0 } },
    onInternalError: (error) => {
      throw error;
    },
  });
  return { result, context };
}

// The first answer of a process is slow for another reason: everything is compiled with it.
beforeAll(async () => {
  for (const platform of [sportybet, bet9ja, betpawa, bringatrailer]) {
    const type = platform === bringatrailer ? html : json;
    await scrape(platform, type, gzipSync(platform === bringatrailer ? '<p>' : sporty('[{"id":"1"}]')));
  }
});

test.each(cases)('%s', async (_, platform, type, body, kind) => {
  const packed = gzipSync(body(), { level: 1 });
  await nextTurn();
  const { result, longestMs } = await longestTurn(() => scrape(platform, type, packed));
  expect(result.result.failures).toMatchObject([{ kind, itemKey: '1' }]);
  expect(result.context.records).toEqual([]);
  expect(longestMs).toBeLessThan(bearable * slowness());
});

test('an event with as many lines as an answer may have is read, and holds nobody up', async () => {
  const line = (at: number) =>
    `{"id":"18","specifier":"total=${at}.5","status":0,"outcomes":[{"id":"12","odds":"2.1","isActive":1}]}`;
  const packed = gzipSync(sporty(listOf(line, most)), { level: 1 });
  const { result, longestMs } = await longestTurn(() => scrape(sportybet, json, packed));
  expect(result.result).toMatchObject({ status: 'completed', failures: [] });
  expect(result.context.records).toMatchObject([{ prices: { length: most } }]);
  expect(longestMs).toBeLessThan(bearable * slowness());
});

test('work that does hold everything up is noticed', async () => {
  const { longestMs } = await longestTurn(async () => {
    await nextTurn();
    const from = process.threadCpuUsage().user;
    while (process.threadCpuUsage().user - from < 250_000);
  });
  expect(longestMs).toBeGreaterThan(bearable);
});
