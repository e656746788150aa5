import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { serve } from '../helpers/loopback.ts';
import { failureOf, openHttp } from './open-http.ts';

const to = (location: string, status = 302) =>
  serve((request, response) => {
    if (request.url === '/from') response.writeHead(status, { location }).end();
    else response.end(`${request.method} ${request.url}`);
  });

test.each([301, 302, 303, 307, 308])(
  'a %i within the site is followed, and the final address is told',
  async (status) => {
    await using site = await to('/there?page=2#part', status);
    const http = openHttp(site.url);
    expect(await http.text({ path: '/from' })).toEqual({
      status: 200,
      url: `${site.url}/there`,
      text: 'GET /there?page=2',
    });
    expect(http.counters.requests).toBe(2);
  },
);

test('five redirects are followed, a sixth is not', async () => {
  await using site = await serve((request, response) => {
    const left = Number(request.url!.slice(1));
    if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
    else response.end('arrived');
  });
  const http = openHttp(site.url);
  expect((await http.text({ path: '/5' })).text).toBe('arrived');
  const failure = await failureOf(http.text({ path: '/6' }));
  expect([failure.kind, failure.message]).toEqual(['api_error', 'GET /6: redirected more than 5 times']);
});

test('another host is not asked unless it is one of the platform', async () => {
  await using other = await serve((_, response) => response.end('other'));
  await using site = await to(`${other.url}/x?token=SECRET`);
  const failure = await failureOf(openHttp(site.url).text({ path: '/from' }));
  expect([failure.kind, failure.message]).toEqual([
    'drifted',
    `GET /from: redirected to ${other.host}, which is not one of its hosts`,
  ]);
  expect(other.asked).toEqual([]);
  expect((await openHttp(site.url, { redirectHosts: [other.host] }).text({ path: '/from' })).text).toBe('other');
});

test.each(['http://2130706433/', 'http://0x7f.1/', 'http://[::ffff:127.0.0.1]/', 'http://①②⑦.⓪.⓪.①/', '//localhost/'])(
  'a disguised address is another host: %s',
  async (location) => {
    await using site = await to(Buffer.from(location).toString('latin1'));
    expect((await failureOf(openHttp(site.url).text({ path: '/from' }))).kind).toBe('drifted');
    expect(site.asked).toEqual(['GET /from']);
  },
);

test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:text/plain,x', 'unix:/var/run/x.sock:/'])(
  'only the web is followed: %s',
  async (location) => {
    await using site = await to(location);
    const failure = await failureOf(openHttp(site.url).text({ path: '/from' }));
    expect(failure.kind).toBe('drifted');
    expect(failure.message).toMatch(/which is not the web$/);
  },
);

test.each([{}, { location: 'http://[' }])('a redirect to nowhere is an error of the site: %j', async (headers) => {
  await using site = await serve((_, response) => response.writeHead(302, headers).end());
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('api_error');
});

test('another origin gets no header that was meant for the first', async () => {
  const seen: IncomingHttpHeaders[] = [];
  await using other = await serve(({ headers }, response) => {
    seen.push(headers);
    response.end('other');
  });
  await using site = await to(`http://user:pass@${other.host}/`);
  const http = openHttp(site.url.replace('http://', 'http://me:PASSWORD@'), {
    headers: { 'x-api-key': 'SECRET', cookie: 'session=SECRET', 'user-agent': 'us', 'accept-language': 'en' },
    redirectHosts: [other.host],
  });
  await http.text({ path: '/from', headers: { 'x-brand': 'SECRET' } });
  expect(seen).toHaveLength(1);
  const { host, connection, ...headers } = seen[0]!;
  expect(host).toBe(other.host);
  expect(connection).toBe('keep-alive');
  expect(Object.keys(headers).toSorted()).toEqual(['accept', 'accept-encoding', 'accept-language', 'user-agent']);
  expect(headers['user-agent']).toBe('us');
});

test('the same origin keeps its headers', async () => {
  const seen: unknown[] = [];
  await using site = await serve((request, response) => {
    seen.push(request.headers['x-brand']);
    if (request.url === '/from') response.writeHead(302, { location: '/there' }).end();
    else response.end();
  });
  await openHttp(site.url, { headers: { 'x-brand': 'one' } }).text({ path: '/from' });
  expect(seen).toEqual(['one', 'one']);
});

test.each([
  [302, 'GET /there'],
  [303, 'GET /there'],
  [308, 'POST /there'],
])('a POST answered with %i goes on as %s', async (status, text) => {
  await using site = await to('/there', status);
  expect((await openHttp(site.url).text({ path: '/from', method: 'POST', body: {} })).text).toBe(text);
});

test('a body is not sent on to another origin', async () => {
  await using other = await serve((_, response) => response.end());
  await using site = await to(other.url, 307);
  const http = openHttp(site.url, { redirectHosts: [other.host] });
  expect((await failureOf(http.text({ path: '/from', method: 'POST', body: { a: 1 } }))).kind).toBe('drifted');
  expect(other.asked).toEqual([]);
});
