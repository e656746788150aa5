import { expect, test } from 'vitest';
import { createPaces } from '#scraper/pace.ts';
import { handClock } from '../helpers/hand-clock.ts';
import { closedPort, serve } from '../helpers/loopback.ts';
import { failureOf, openHttp } from './open-http.ts';

const json = { 'content-type': 'application/json' };

test('a JSON answer comes back parsed, and its request is counted', async () => {
  await using site = await serve((_, response) => response.writeHead(200, json).end('{"odds":[1.5]}'));
  const http = openHttp(site.url);
  expect(await http.json({ path: '/events' })).toEqual({ odds: [1.5] });
  expect(http.counters).toEqual({ requests: 1, retries: 0, redirects: 0 });
});

test('a text answer names its address without the query', async () => {
  await using site = await serve((_, response) => response.end('hello'));
  const answer = await openHttp(`${site.url}/base/`).text({ path: '/a page', query: { key: 'SECRET' } });
  expect(answer).toEqual({ status: 200, url: `${site.url}/base/a%20page`, text: 'hello' });
});

test('path and query reach the site as they were asked, and cannot change the host', async () => {
  await using site = await serve((_, response) => response.writeHead(200, json).end('{}'));
  const http = openHttp(`${site.url}/base`);
  await http.json({ path: '/list', query: { q: '{"a":"b c&d"}', page: 2 } });
  await http.json({ path: '//elsewhere.invalid/x?y=1#z' });
  await http.json({ path: `/event/${encodeURIComponent('a/b?c')}` });
  expect(site.asked).toEqual([
    'GET /base/list?q=%7B%22a%22%3A%22b+c%26d%22%7D&page=2',
    'GET /base//elsewhere.invalid/x%3Fy=1%23z',
    'GET /base/event/a%2Fb%3Fc',
  ]);
});

test('a POST brings its body as JSON, or none', async () => {
  const bodies: unknown[] = [];
  await using site = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      bodies.push([request.method, request.headers['content-type'], body]);
      response.writeHead(200, json).end('{}');
    });
  });
  const http = openHttp(site.url);
  await http.json({ path: '/', method: 'POST', body: { a: [1] } });
  await http.json({ path: '/', method: 'POST' });
  expect(bodies).toEqual([
    ['POST', 'application/json', '{"a":[1]}'],
    ['POST', 'application/json', ''],
  ]);
});

test('one browser is seen from the first to the last request, on one connection, without cookies', async () => {
  const seen: string[][] = [];
  await using site = await serve((request, response) => {
    seen.push(request.rawHeaders);
    response.writeHead(200, { ...json, 'set-cookie': 'a=b' }).end('{}');
  });
  const http = openHttp(site.url);
  for (let times = 0; times < 3; times += 1) await http.json({ path: '/' });
  const names = seen[0]!.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  expect(names).toContain('user-agent');
  expect(names).not.toContain('cookie');
  expect(names).not.toContain('content-length');
  expect(names).not.toContain('transfer-encoding');
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  expect(site.connections).toBe(1);
});

test("a platform's headers go over the browser's, an ask's over both", async () => {
  const seen: (string | undefined)[][] = [];
  await using site = await serve(({ headers }, response) => {
    seen.push([headers['user-agent'], headers.accept, headers['x-brand'] as string]);
    response.writeHead(200, json).end('{}');
  });
  const http = openHttp(site.url, { headers: { 'User-Agent': 'us', 'X-Brand': 'one' } });
  await http.json({ path: '/', headers: { 'x-BRAND': 'two' } });
  await http.json({ path: '/', headers: { Accept: 'text/x' } });
  expect(seen).toEqual([
    ['us', 'application/json', 'two'],
    ['us', 'text/x', 'one'],
  ]);
});

test.each([
  [202, '', {}, 'blocked'],
  [202, '<html>', { 'content-type': 'text/html' }, 'blocked'],
  [202, '{}', json, 'api_error'],
  [204, '', {}, 'api_error'],
  [400, '{}', json, 'api_error'],
  [401, '', {}, 'blocked'],
  [403, '', {}, 'blocked'],
  [404, '{}', json, 'not_found'],
  [405, '', { 'x-amzn-waf-action': 'captcha' }, 'blocked'],
  [410, '', {}, 'not_found'],
  [429, '', {}, 'rate_limited'],
  [500, '', {}, 'unreachable'],
  [503, '', {}, 'unreachable'],
  [503, '', { 'cf-mitigated': 'challenge' }, 'blocked'],
] as const)('status %i with %j is a failure of its kind', async (status, body, headers, kind) => {
  await using site = await serve((_, response) => response.writeHead(status, headers).end(body));
  const failure = await failureOf(openHttp(site.url).json({ path: '/events', query: { token: 'SECRET' } }));
  expect(failure.kind).toBe(kind);
  expect(failure.message).toMatch(new RegExp(`^GET /events: status ${status}`));
  expect(failure.message).not.toContain('SECRET');
});

test.each([
  ['text/html', '<!doctype html><title>Sports</title>', 'blocked', /an HTML page where JSON is due/],
  ['text/html', '<html><title>Just a moment...</title>', 'blocked', /a challenge page/],
  ['application/json', '\n <html><title>Access Denied</title>', 'blocked', /a challenge page/],
  ['application/x-protobuf', '\x0a\x03abc', 'drifted', /protobuf/],
  ['application/json', '{"a":[1,', 'truncated', /stops in the middle/],
  ['application/json', '', 'truncated', /stops in the middle/],
  ['application/json', 'Not here', 'drifted', /not JSON/],
] as const)('a 200 of type %s that is %j is no JSON', async (type, body, kind, detail) => {
  await using site = await serve((_, response) => response.writeHead(200, { 'content-type': type }).end(body));
  const failure = await failureOf(openHttp(site.url).json({ path: '/' }));
  expect(failure.kind).toBe(kind);
  expect(failure.message).toMatch(detail);
});

test('a page that is a bot wall is a block, a page that only speaks of one is not', async () => {
  await using site = await serve((request, response) =>
    response.end(request.url === '/wall' ? '<title>Just a moment...</title>' : '<title>A Lot</title> captcha'),
  );
  const http = openHttp(site.url);
  expect((await failureOf(http.text({ path: '/wall' }))).kind).toBe('blocked');
  expect((await http.text({ path: '/lot' })).text).toContain('captcha');
});

test('what no database takes is replaced before anybody sees it', async () => {
  await using site = await serve((_, response) => response.writeHead(200, json).end('{"name":"A\\u0000\\ud800"}'));
  const http = openHttp(site.url);
  expect(await http.json({ path: '/' })).toEqual({ name: 'A\uFFFD\uFFFD' });
});

test('a stumble is tried again at once, twice, after a random wait that may grow', async () => {
  let times = 0;
  await using site = await serve((_, response) => {
    times += 1;
    response.writeHead(times < 3 ? 503 : 200, json).end('{"ok":true}');
  });
  const clock = handClock();
  const http = openHttp(site.url, { clock, random: () => 0.5, limits: { retries: 2, retryBaseMs: 250 } });
  expect(await http.json({ path: '/' })).toEqual({ ok: true });
  expect(clock.slept).toEqual([125, 250]);
  expect(http.counters).toEqual({ requests: 3, retries: 2, redirects: 0 });
});

test('half an answer is tried again as well, and the last failure is told', async () => {
  await using site = await serve((_, response) => response.writeHead(200, json).end('{"a":'));
  const http = openHttp(site.url, { limits: { retries: 2 } });
  expect((await failureOf(http.json({ path: '/' }))).kind).toBe('truncated');
  expect(http.counters).toEqual({ requests: 3, retries: 2, redirects: 0 });
});

test.each([202, 403, 404, 429, 400])('a %i is an answer and is not asked for again', async (status) => {
  await using site = await serve((_, response) => response.writeHead(status).end());
  const http = openHttp(site.url, { limits: { retries: 2 } });
  await failureOf(http.json({ path: '/' }));
  expect(http.counters).toEqual({ requests: 1, retries: 0, redirects: 0 });
});

test('a Retry-After is part of the failure and holds up everybody at that host', async () => {
  await using site = await serve((request, response) => {
    if (request.url === '/busy') response.writeHead(429, { 'retry-after': '30' }).end();
    else response.writeHead(200, json).end('{}');
  });
  const clock = handClock();
  const begin = clock.now();
  const paces = createPaces();
  const failure = await failureOf(openHttp(site.url, { clock, paces }).json({ path: '/busy' }));
  expect([failure.kind, failure.until]).toEqual(['rate_limited', new Date(begin + 30_000)]);
  await openHttp(site.url, { clock, paces }).json({ path: '/' });
  expect(clock.now()).toBe(begin + 30_000);
});

test.each([
  [429, '30', 30_000],
  [503, '120', 120_000],
  [429, 'soon', 60_000],
  [429, undefined, null],
  [200, '30', null],
])('a %i with Retry-After %j asks for a pause of %j', async (status, header, waitMs) => {
  await using site = await serve((_, response) =>
    response.writeHead(status, header === undefined ? {} : { 'retry-after': header }).end(),
  );
  const pauses: unknown[] = [];
  const onPause = async (host: string, ms: number) => void pauses.push([host, ms]);
  await openHttp(site.url, { clock: handClock(), onPause })
    .text({ path: '/' })
    .catch(() => {});
  expect(pauses).toEqual(waitMs === null ? [] : [[site.host, waitMs]]);
});

test('a site that wants more than a minute is not waited for, and nothing is sent', async () => {
  await using site = await serve((_, response) => response.writeHead(503, { 'retry-after': '61' }).end());
  const clock = handClock();
  const http = openHttp(site.url, { clock, limits: { retries: 2 } });
  const failure = await failureOf(http.json({ path: '/' }));
  expect([failure.kind, failure.until]).toEqual(['rate_limited', new Date(clock.now() + 61_000 - clock.slept[0]!)]);
  expect(site.asked).toHaveLength(1);
});

test('a 429 that names no time suggests a minute, but holds nobody up', async () => {
  await using site = await serve((request, response) => response.writeHead(request.url === '/' ? 429 : 200).end('ok'));
  const clock = handClock();
  const http = openHttp(site.url, { clock });
  expect((await failureOf(http.text({ path: '/' }))).until).toEqual(new Date(clock.now() + 60_000));
  expect((await http.text({ path: '/next' })).text).toBe('ok');
  expect(clock.slept).toEqual([]);
});

test('a site that is not there is unreachable', async () => {
  const failure = await failureOf(openHttp(`http://127.0.0.1:${await closedPort()}`).json({ path: '/x' }));
  expect([failure.kind, failure.message]).toEqual(['unreachable', 'GET /x: the connection was refused (ECONNREFUSED)']);
  expect(failure.fingerprint).toBe('connection');
});

test('credentials in the base address are sent, and shown nowhere', async () => {
  const seen: (string | undefined)[] = [];
  await using site = await serve((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === '/ok') response.end('ok');
    else response.socket?.destroy();
  });
  const base = `http://user:PASSW%40RD@${site.host}`;
  const http = openHttp(base);
  expect((await http.text({ path: '/ok' })).url).toBe(`${site.url}/ok`);
  expect(seen).toEqual([`Basic ${Buffer.from('user:PASSW@RD').toString('base64')}`]);
  const failure = await failureOf(http.text({ path: '/broken' }));
  expect(failure.kind).toBe('unreachable');
  expect(`${failure.message}${failure.stack}`).not.toContain('PASSW');
  expect(failure.cause).toBeUndefined();
});

test.each(['ftp://user:PASSWORD@host/', 'http//:PASSWORD', 'file:///PASSWORD', ''])(
  'a base address that is none is refused without being repeated: %s',
  (baseUrl) => {
    const open = () => openHttp(baseUrl);
    expect(open).toThrow(/^The base address of a platform must be an http: or https: address$/);
  },
);

test('many requests at once raise no warning of a leak', async () => {
  const warnings: string[] = [];
  const warn = (warning: Error) => void warnings.push(warning.message);
  process.on('warning', warn);
  await using site = await serve((_, response) => response.writeHead(200, json).end('{}'));
  const http = openHttp(site.url, { pace: { concurrency: 40, gapMs: 0 }, leave: new AbortController().signal });
  await Promise.all(Array.from({ length: 80 }, () => http.json({ path: '/' })));
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

test('a file comes back as its bytes, up to the size that was asked for', async () => {
  const file = Buffer.alloc(3000, 7);
  await using site = await serve((_, response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(file));
  const http = openHttp(site.url, { limits: { wireBytes: 1000, decodedBytes: 1000 } });
  expect(await http.bytes({ path: '/a.jpg', maxBytes: 3000 })).toEqual({ type: 'image/jpeg', bytes: file });
  expect((await failureOf(http.bytes({ path: '/a.jpg', maxBytes: 2999 }))).kind).toBe('too_large');
  expect((await failureOf(http.bytes({ path: '/a.jpg' }))).kind).toBe('too_large');
});

test('a page where a file is due is a block when it is a challenge, and drift otherwise', async () => {
  await using site = await serve(({ url }, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(url === '/wall' ? '<title>Just a moment...</title>' : '<title>Welcome</title>');
  });
  const http = openHttp(site.url);
  expect(await failureOf(http.bytes({ path: '/wall' }))).toMatchObject({ kind: 'blocked' });
  expect(await failureOf(http.bytes({ path: '/page' }))).toMatchObject({ kind: 'drifted' });
});
