/** What each site's refusals and mishaps come to, through the real HTTP stack: kind, sentence, and what follows. */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { afterAttempt } from '#bot/runs/lifecycle.ts';
import { decidingFailure } from '#bot/job-failures.ts';
import { bet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { betpawa } from '#scraper/platforms/betpawa/index.ts';
import { sportybet } from '#scraper/platforms/sportybet/index.ts';
import { createPaces } from '#scraper/pace.ts';
import type { Failure } from '#scraper/errors.ts';
import type { Platform } from '#scraper/platform.ts';
import type { PlatformResult } from '#scraper/result.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { readFixture } from '../../fixtures/read-fixture.ts';
import { handClock } from '../../helpers/hand-clock.ts';
import { serve } from '../../helpers/loopback.ts';
import { memoryContext, seedsOf, type MemoryContext } from '../../helpers/memory-context.ts';
import { toyPlatform } from '../toy-platform.ts';

const books = { sportybet, betpawa, bet9ja };
const ten = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const noon = Date.UTC(2026, 10, 23, 12);
const json = { 'content-type': 'application/json;charset=UTF-8' };
const html = { 'content-type': 'text/html; charset=utf-8' };
const page = '<!doctype html><html><head><title>Sports betting</title></head><body>Welcome</body></html>';
const challenge = '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>';
/** An answer of several kilobytes in which nothing is wrong until it is cut. */
const answer = JSON.stringify({ bizCode: 10000, data: { list: Array.from({ length: 999 }, (_, index) => index) } });

/** What the worker does next, had this been the first of three attempts. */
function next(result: PlatformResult): string {
  const failure = decidingFailure(result);
  const move = afterAttempt({
    outcome: {
      status: result.status,
      failure: failure && { ...failure, until: failure.until === null ? null : new Date(failure.until) },
    },
    attempt: 1,
    rules: { general: { attempts: 3, baseMs: 10_000, capMs: 300_000 }, rules: [] },
    now: new Date(noon),
    random: () => 0.5,
  });
  return move.kind === 'wait' ? `again after ${(move.until.getTime() - noon) / 1000} s` : move.status;
}

interface Outcome {
  result: PlatformResult;
  context: MemoryContext;
  requests: number;
  /** What the log hears of, with the step. */
  remarks: string[];
}

/** One attempt at a platform whose every question is answered the same; `item`: its list is known, one event is to be fetched. */
async function attempt(
  platform: Platform,
  baseUrl: string,
  { item, certificateAuthority }: { item?: string; certificateAuthority?: string } = {},
): Promise<Outcome> {
  const context = item === undefined ? memoryContext() : memoryContext({ items: seedsOf(item), skip: ['discover'] });
  const clock = handClock(noon);
  const remarks: string[] = [];
  const result = await runPlatform(platform, context, {
    baseUrl,
    onRemark: (text, step) => void remarks.push(`${step}: ${text}`),
    now: () => new Date(clock.now()),
    http: { clock, paces: createPaces(), random: () => 0, certificateAuthority },
    onInternalError: (error) => {
      throw error;
    },
  });
  const counts = result.steps.map(({ counts: { requests = 0 } }) => requests);
  return { result, context, requests: counts.reduce((sum, one) => sum + one, 0), remarks };
}

type Reply = [status: number, headers: Record<string, string>, body?: string | Buffer];
type Expected = [kind: Failure['kind'], headline: string, detail: RegExp, requests: number, next: string];

/** Row of the table of failure answers, what the site sends, where, and what that comes to. */
const rows: [title: string, book: keyof typeof books, asked: 'list' | 'event', reply: Reply, expected: Expected][] = [
  [
    '202 with an empty body: the firewall',
    'sportybet',
    'list',
    [202, {}],
    ['blocked', 'sportybet blocked us', /status 202 with an empty body$/, 1, 'failed'],
  ],
  [
    '202 with a page: the firewall',
    'sportybet',
    'list',
    [202, html, page],
    ['blocked', 'sportybet blocked us', /status 202 with an HTML page$/, 1, 'failed'],
  ],
  [
    'bizCode 19000 about the list: an error of the site',
    'sportybet',
    'list',
    [200, json, '{"bizCode":19000,"message":"Invalid","data":{}}'],
    ['api_error', 'sportybet answered with an error of its own', /^bizCode 19000$/, 1, 'again after 5 s'],
  ],
  [
    'another bizCode',
    'sportybet',
    'list',
    [200, json, '{"bizCode":19999,"message":"busy"}'],
    ['api_error', 'sportybet answered with an error of its own', /^bizCode 19999$/, 1, 'again after 5 s'],
  ],
  [
    'bizCode 10000 without data',
    'sportybet',
    'list',
    [200, json, '{"bizCode":10000,"message":"0#0"}'],
    ['api_error', 'sportybet answered with an error of its own', /without data$/, 1, 'again after 5 s'],
  ],
  [
    'a 403 page',
    'sportybet',
    'list',
    [403, html, page],
    ['blocked', 'sportybet blocked us', /status 403$/, 1, 'failed'],
  ],
  [
    '200 with no events',
    'sportybet',
    'list',
    [200, json, '{"bizCode":10000,"message":"0#0","data":[]}'],
    ['empty', 'sportybet delivered nothing at all', /^no items were found$/, 1, 'failed'],
  ],
  [
    '200 with no tournaments',
    'sportybet',
    'list',
    [200, json, '{"bizCode":10000,"message":"0#0","data":{"totalNum":0}}'],
    ['empty', 'sportybet delivered nothing at all', /^no items were found$/, 1, 'failed'],
  ],
  [
    '404 for the list: its path is retired',
    'betpawa',
    'list',
    [404, json, '{"error":"NOT_FOUND"}'],
    [
      'drifted',
      'betpawa changed its answers; the scraper has to learn the new shape',
      /by-queries answered 404$/,
      1,
      'failed',
    ],
  ],
  [
    'a 403 page: not for this country',
    'betpawa',
    'list',
    [403, html, page],
    ['blocked', 'betpawa blocked us', /status 403$/, 1, 'failed'],
  ],
  [
    '200 in protobuf: the accept header is wrong',
    'betpawa',
    'list',
    [200, { 'content-type': 'application/x-protobuf' }, Buffer.from([10, 3, 1, 2, 3])],
    [
      'drifted',
      'betpawa changed its answers; the scraper has to learn the new shape',
      /protobuf where JSON is due$/,
      1,
      'failed',
    ],
  ],
  [
    '200 with the shell of the marketing site: the wrong host',
    'betpawa',
    'list',
    [200, html, page],
    ['blocked', 'betpawa blocked us', /an HTML page where JSON is due: a wall, or not the right host$/, 1, 'failed'],
  ],
  [
    'no events in a list of lists',
    'betpawa',
    'list',
    [200, json, '{"responses":[{"responses":[]}]}'],
    ['empty', 'betpawa delivered nothing at all', /^no items were found$/, 1, 'failed'],
  ],
  [
    'no events in a list of nothing',
    'betpawa',
    'list',
    [200, json, '{"responses":[{}]}'],
    ['empty', 'betpawa delivered nothing at all', /^no items were found$/, 1, 'failed'],
  ],
  [
    '200 with a page, as datacentres get',
    'bet9ja',
    'list',
    [200, html, page],
    ['blocked', 'bet9ja blocked us', /an HTML page where JSON is due: a wall, or not the right host$/, 1, 'failed'],
  ],
  [
    'a 403 for asking too fast',
    'bet9ja',
    'list',
    [403, {}],
    ['blocked', 'bet9ja blocked us', /status 403$/, 1, 'failed'],
  ],
  [
    'D that is no object',
    'bet9ja',
    'list',
    [200, json, '{"R":"OK","D":"x"}'],
    ['drifted', 'bet9ja changed its answers; the scraper has to learn the new shape', /^D /, 1, 'failed'],
  ],
  [
    'R that is an error',
    'bet9ja',
    'list',
    [200, json, '{"R":"ERROR","D":[]}'],
    ['api_error', 'bet9ja answered with an error of its own', /^R is ERROR$/, 1, 'again after 5 s'],
  ],
  [
    'a captcha with the status of a page',
    'bet9ja',
    'event',
    [200, html, challenge],
    ['blocked', 'bet9ja blocked us', /status 200 with a challenge page where JSON is due$/, 1, 'failed'],
  ],
  [
    'a challenge that says so in a header',
    'betpawa',
    'event',
    [403, { ...html, 'cf-mitigated': 'challenge' }, challenge],
    ['blocked', 'betpawa blocked us', /status 403, a bot challenge$/, 1, 'failed'],
  ],
  [
    '429 with seconds',
    'sportybet',
    'list',
    [429, { 'retry-after': '90' }],
    [
      'rate_limited',
      'sportybet asked us to slow down',
      /status 429, the site asks to wait until 12:01:30 UTC$/,
      1,
      'again after 90 s',
    ],
  ],
  [
    '429 with a date',
    'betpawa',
    'list',
    [429, { 'retry-after': 'Mon, 23 Nov 2026 12:10:00 GMT' }],
    [
      'rate_limited',
      'betpawa asked us to slow down',
      /status 429, the site asks to wait until 12:10:00 UTC$/,
      1,
      'again after 600 s',
    ],
  ],
  [
    '429 with nonsense',
    'bet9ja',
    'list',
    [429, { 'retry-after': 'later' }],
    [
      'rate_limited',
      'bet9ja asked us to slow down',
      /status 429, the site asks to wait until 12:01:00 UTC$/,
      1,
      'again after 60 s',
    ],
  ],
  [
    '429 with less than nothing',
    'bet9ja',
    'list',
    [429, { 'retry-after': '-5' }],
    [
      'rate_limited',
      'bet9ja asked us to slow down',
      /status 429, the site asks to wait until 12:01:00 UTC$/,
      1,
      'again after 60 s',
    ],
  ],
  [
    '429 with three years',
    'bet9ja',
    'list',
    [429, { 'retry-after': '99999999' }],
    [
      'rate_limited',
      'bet9ja asked us to slow down',
      /status 429, the site asks to wait until 13:00:00 UTC$/,
      1,
      'again after 3600 s',
    ],
  ],
  [
    '429 without a word',
    'bet9ja',
    'list',
    [429, {}],
    ['rate_limited', 'bet9ja asked us to slow down', /status 429$/, 1, 'again after 60 s'],
  ],
  [
    'a server error',
    'betpawa',
    'list',
    [503, html, page],
    [
      'unreachable',
      'betpawa did not answer properly (connection, time-out or server error)',
      /status 503$/,
      3,
      'again after 5 s',
    ],
  ],
  [
    'JSON that stops in the middle',
    'sportybet',
    'list',
    [200, json, answer.slice(0, 1000)],
    ['truncated', 'sportybet cut its answer short', /the JSON stops in the middle$/, 3, 'again after 5 s'],
  ],
  [
    'gzip that stops in the middle',
    'sportybet',
    'event',
    [200, { ...json, 'content-encoding': 'gzip' }, gzipSync(answer).subarray(0, -30)],
    ['truncated', 'sportybet cut its answer short', /the gzip data stops in the middle$/, 3, 'again after 5 s'],
  ],
  [
    'a bomb',
    'bet9ja',
    'event',
    [200, { ...json, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(64_000_000))],
    [
      'too_large',
      'bet9ja sent far more than expected, so we stopped reading',
      /more than 20000000 bytes unpacked$/,
      1,
      'failed',
    ],
  ],
  [
    'a bomb in a bomb',
    'bet9ja',
    'event',
    [200, { ...json, 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync(Buffer.alloc(64_000_000)))],
    ['too_large', 'bet9ja sent far more than expected, so we stopped reading', /compressed 2 times over$/, 1, 'failed'],
  ],
  [
    'lists inside lists without end',
    'bet9ja',
    'event',
    [200, json, '['.repeat(4_000_000)],
    ['too_large', 'bet9ja sent far more than expected, so we stopped reading', /200 levels deep$/, 1, 'failed'],
  ],
  [
    'text that is not in its charset',
    'betpawa',
    'event',
    [200, json, Buffer.from('{"name":"Ängelholm - Örgryte Göteborg"}', 'latin1')],
    [
      'drifted',
      'betpawa changed its answers; the scraper has to learn the new shape',
      /the text is not UTF-8$/,
      1,
      'failed',
    ],
  ],
];

test.each(rows)('%s (%s)', async (_, book, asked, [status, headers, body], expected) => {
  await using site = await serve((_request, response: ServerResponse) => response.writeHead(status, headers).end(body));
  const { result, context, requests } = await attempt(books[book], site.url, asked === 'event' ? { item: '1' } : {});
  const [kind, headline, detail, sent, follows] = expected;
  expect(result.failures).toHaveLength(1);
  expect(result.failures[0]).toMatchObject({ kind, headline });
  expect(result.failures[0]!.detail).toMatch(detail);
  expect([requests, site.asked.length]).toEqual([sent, sent]);
  expect(next(result)).toBe(follows);
  expect(context.records).toEqual([]);
});

test.each([
  ['bizCode 19000 about an event: there is no such event', sportybet, 200, '{"bizCode":19000,"message":"Invalid"}'],
  ['404 for an event: it has ended', betpawa, 404, '{"error":"NOT_FOUND"}'],
  ['R is E: the event is not found', bet9ja, 200, '{"R":"E","D":[]}'],
  ['410: the listing is gone', toyPlatform(), 410, ''],
] as const)('%s, which is an answer and is not asked for again', async (_, platform, status, body) => {
  await using site = await serve((_request, response) => response.writeHead(status, json).end(body));
  const { result, context, requests } = await attempt(platform, site.url, { item: '1' });
  expect(result).toMatchObject({ status: 'completed', failures: [] });
  expect(context.results.get('1')).toMatchObject({
    outcome: 'gone',
    failure: { kind: 'not_found', headline: `${platform.id} no longer has this`, retryable: false },
  });
  expect([requests, next(result)]).toEqual([1, 'completed']);
});

test('events as an object instead of a list are the same events (bet9ja)', async () => {
  const groups = { R: 'OK', D: { PAL: { '1': { S_DESC: 'Soccer', SG: { '5': { G: { '970880': { NUM: 2 } } } } } } } };
  const events = readFixture('bet9ja/GetEventsInGroup.970880.E-as-dict.json');
  await using site = await serve(({ url = '' }, response) => {
    const known = url.includes('GetSports') ? groups : url.includes('GetEventsInGroup') ? events : { R: 'E' };
    response.writeHead(200, json).end(JSON.stringify(known));
  });
  const { result, context } = await attempt(bet9ja, site.url);
  expect(result).toMatchObject({ failures: [], steps: [{ name: 'discover', status: 'success', failure: null }, {}] });
  expect(context.items.size).toBeGreaterThan(1);
});

test('a country that moved to another host is followed there with its brand, and the log hears of it (betpawa)', async () => {
  const seen: unknown[] = [];
  await using moved = await serve(({ headers }, response) => {
    seen.push(headers['x-pawa-brand'], headers['authorization']);
    response.writeHead(200, json).end('{"responses":[{}]}');
  });
  await using site = await serve((request, response) =>
    response.writeHead(308, { location: `${moved.url}${request.url}` }).end(),
  );
  const kenya = betpawa.configure!({ site: { country: 'ke', host: 'www.betpawa.ke' } });
  expect(kenya).toMatchObject({
    baseUrl: 'https://www.betpawa.ke',
    redirectHosts: ['www.betpawa.ke', 'www.betpawa.co.ke'],
  });
  const { result, remarks } = await attempt(
    { ...kenya, redirectHosts: [moved.host] },
    site.url.replace('http://', 'http://ada:PASSWORD@'),
  );
  expect(result.failures.map(({ kind }) => kind)).toEqual(['empty']);
  expect(seen).toEqual(['betpawa-kenya', undefined]);
  expect(remarks).toEqual(['discover: requests were redirected to other addresses of the site']);
});

test.each([
  ['301: the slug was renamed', 301],
  ['308: the country has moved', 308],
])('%s, and is followed within the platform’s hosts only', async (_, status) => {
  await using moved = await serve((_request, response) => response.writeHead(200, json).end('{"responses":[{}]}'));
  await using site = await serve((request, response) =>
    response.writeHead(status, { location: `${moved.url}${request.url}` }).end(),
  );
  const stranger = await attempt(betpawa, site.url);
  expect(stranger.result.failures[0]).toMatchObject({ kind: 'drifted', retryable: false });
  expect(stranger.result.failures[0]!.detail).toMatch(/redirected to 127.0.0.1:\d+, which is not one of its hosts$/);
  expect(moved.asked).toEqual([]);
  const { result, requests } = await attempt({ ...betpawa, redirectHosts: [moved.host] }, site.url);
  expect(result.failures.map(({ kind }) => kind)).toEqual(['empty']);
  expect([requests, moved.asked.length]).toEqual([2, 1]);
  expect(result.steps[0]!.counts).toMatchObject({ redirects: 1 });
});

test('a connection that is closed in the middle of TLS: only that request is tried again', async () => {
  const tls = new URL('../../fixtures/tls/', import.meta.url);
  const cert = readFileSync(new URL('localhost.cert.pem', tls), 'utf8');
  const key = readFileSync(new URL('localhost.key.pem', tls), 'utf8');
  const secure = createTlsServer({ cert, key }, (_, response) => response.writeHead(200, json).end('{"R":"E"}'));
  let connections = 0;
  const door = createServer((socket: Socket) => {
    connections += 1;
    // After the client's hello: the handshake has begun, and goes no further.
    if (connections === 1) socket.once('data', () => socket.destroy());
    else secure.emit('connection', socket);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    secure.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
  });
  const url = `https://localhost:${(door.address() as AddressInfo).port}`;
  const { result } = await attempt(bet9ja, url, { item: '1', certificateAuthority: cert });
  expect(result).toMatchObject({ status: 'completed', failures: [] });
  expect(result.steps[1]!.counts).toMatchObject({ requests: 2, retries: 1 });
});

test.each([
  ['429', 429, {}, '', 'rate_limited'],
  ['403', 403, {}, '', 'blocked'],
  ['200 with “Just a moment...”', 200, html, challenge, 'blocked'],
] as const)(
  '%s, five times in a row: the site is left alone and the rest stays open',
  async (_, status, headers, body, kind) => {
    await using site = await serve((_request, response) => response.writeHead(status, headers).end(body));
    const context = memoryContext({ items: seedsOf(...ten), skip: ['discover'] });
    const clock = handClock(noon);
    const result = await runPlatform({ ...toyPlatform(), pace: { concurrency: 1, gapMs: 0, stopAfter: 5 } }, context, {
      baseUrl: site.url,
      now: () => new Date(clock.now()),
      http: { clock, paces: createPaces(), random: () => 0 },
      onInternalError: (error) => {
        throw error;
      },
    });
    expect(result).toMatchObject({ status: 'failed', stopped: { kind } });
    expect(site.asked).toHaveLength(5);
    expect(await context.pending('extract')).toHaveLength(10);
  },
);
