import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { serveProxy } from '../helpers/connect-proxy.ts';
import { closedPort, serve, serveTls } from '../helpers/loopback.ts';
import { failureOf, openHttp } from './open-http.ts';

const tls = new URL('../fixtures/tls/', import.meta.url);
const cert = readFileSync(new URL('localhost.cert.pem', tls), 'utf8');
const key = readFileSync(new URL('localhost.key.pem', tls), 'utf8');
const credentials = `Basic ${Buffer.from('ada:PASS%W@RD').toString('base64')}`;

const through = (port: number) => `http://ada:PASS%W%40RD@127.0.0.1:${port}`;

test('everything goes through the proxy, over as many connections as requests at once, not as requests', async () => {
  const seen: IncomingHttpHeaders[] = [];
  await using site = await serveTls({ cert, key }, ({ headers }, response) => {
    seen.push(headers);
    setTimeout(() => response.end('secret'), 5);
  });
  await using proxy = await serveProxy();
  const http = openHttp(`https://localhost:${site.port}`, {
    proxyUrl: through(proxy.port),
    certificateAuthority: cert,
    pace: { concurrency: 3, gapMs: 0 },
  });
  const answers = await Promise.all(Array.from({ length: 30 }, () => http.text({ path: '/' })));
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['secret']));
  expect(site.connections).toBeLessThanOrEqual(3);
  expect(proxy.tunnels).toHaveLength(site.connections);
  expect(new Set(proxy.tunnels.map(({ target }) => target))).toEqual(new Set([`localhost:${site.port}`]));
  expect(new Set(proxy.tunnels.map((tunnel) => tunnel.credentials))).toEqual(new Set([credentials]));
  expect(proxy.requests).toBe(0);
  for (const headers of seen) expect(JSON.stringify(headers)).not.toContain('Basic');
});

test("the proxy's password and the site's stay with whom they are for", async () => {
  const seen: IncomingHttpHeaders[] = [];
  await using site = await serve(({ headers }, response) => {
    seen.push(headers);
    response.end('ok');
  });
  await using proxy = await serveProxy();
  await openHttp(`http://me:MINE@${site.host}`, { proxyUrl: through(proxy.port) }).text({ path: '/' });
  expect(proxy.tunnels).toEqual([{ target: site.host, credentials }]);
  expect(seen[0]!.authorization).toBe(`Basic ${Buffer.from('me:MINE').toString('base64')}`);
  expect(seen[0]!['proxy-authorization']).toBeUndefined();
});

test('a proxy may be spoken to over TLS, with a certificate that is trusted', async () => {
  await using site = await serve((_, response) => response.end('ok'));
  await using proxy = await serveProxy({ tls: { cert, key } });
  const proxyUrl = `https://ada:PASSWORD@localhost:${proxy.port}`;
  const untrusted = await failureOf(openHttp(site.url, { proxyUrl }).text({ path: '/' }));
  expect(untrusted.message).toMatch(/^GET \/: the proxy: the connection failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/);
  expect(proxy.tunnels).toEqual([]);
  expect((await openHttp(site.url, { proxyUrl, certificateAuthority: cert }).text({ path: '/' })).text).toBe('ok');
});

test('the certificate of the site is checked through the tunnel as well', async () => {
  await using site = await serveTls({ cert, key }, (_, response) => response.end('secret'));
  await using proxy = await serveProxy();
  const failure = await failureOf(openHttp(site.url, { proxyUrl: through(proxy.port) }).text({ path: '/' }));
  expect(failure.message).toBe('GET /: its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
  expect(site.asked).toEqual([]);
});

test.each([
  ['HTTP/1.1 407 Who\r\n\r\n', 'the proxy does not take our user and password (407)'],
  ['HTTP/1.1 502 Bad\r\nContent-Length: 6\r\n\r\nPASSWD', 'the proxy did not connect us (status 502)'],
  ['HTTP/1.1 204 Fine\r\n\r\n', 'the proxy did not connect us (status 204)'],
  ['SSH-2.0-OpenSSH\r\n\r\n', 'the proxy: the connection failed (HPE_INVALID_CONSTANT)'],
  ['', 'the proxy: the connection was cut before an answer (ECONNRESET)'],
])('a proxy that answers %j is told by name, and the site is not asked without it', async (answer, detail) => {
  await using site = await serve((_, response) => response.end('ok'));
  await using proxy = await serveProxy({ refuse: (socket) => socket.end(answer) });
  const failure = await failureOf(openHttp(site.url, { proxyUrl: through(proxy.port) }).text({ path: '/' }));
  expect([failure.kind, failure.message]).toEqual(['unreachable', `GET /: ${detail}`]);
  expect(site.asked).toEqual([]);
});

test('a proxy that is not there, or says nothing, is unreachable', async () => {
  const gone = await failureOf(
    openHttp('http://localhost', { proxyUrl: through(await closedPort()) }).text({ path: '/' }),
  );
  expect(gone.message).toBe('GET /: the proxy: the connection was refused (ECONNREFUSED)');
  expect(gone.fingerprint).toBe('proxy');
  await using proxy = await serveProxy({ refuse: () => {} });
  const silent = openHttp('http://localhost', { proxyUrl: through(proxy.port), limits: { firstByteMs: 30 } });
  expect((await failureOf(silent.text({ path: '/' }))).kind).toBe('unreachable');
});

test('aborting ends a tunnel that is being opened, with the reason given', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using proxy = await serveProxy({ refuse: () => resolve() });
  const run = new AbortController();
  const pending = openHttp('http://localhost', { proxyUrl: through(proxy.port), signal: run.signal }).text({
    path: '/',
  });
  await asked;
  const reason = new Error('the lease is lost');
  run.abort(reason);
  await expect(pending).rejects.toBe(reason);
});

test("no failure repeats the proxy's password, in no spelling", async () => {
  await using proxy = await serveProxy({ refuse: (socket) => socket.end('HTTP/1.1 407 Who\r\n\r\n') });
  for (const proxyUrl of [through(proxy.port), through(await closedPort())]) {
    const failure = await failureOf(openHttp('http://localhost', { proxyUrl }).text({ path: '/' }));
    expect(`${failure.message}${failure.stack}${JSON.stringify(failure)}`).not.toMatch(/PASS|ada:|Basic|YWRh/);
    expect(failure.cause).toBeUndefined();
  }
});

test.each(['socks5://ada:PASSWORD@proxy:1080', 'proxy:3128', 'PASSWORD'])(
  'what is no proxy address is refused without being repeated: %s',
  (proxyUrl) => {
    const open = () => openHttp('http://localhost', { proxyUrl });
    expect(open).toThrow(/^The proxy of a platform must be an http: or https: address$/);
  },
);
