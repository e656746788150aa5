import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { siteWith } from '../bench/sites/start.ts';
import { closeWorld } from '../bench/world.ts';
import { type Loopback, serveTls } from '../helpers/loopback.ts';
import { failureOf, openHttp } from './open-http.ts';

const tls = new URL('../fixtures/tls/', import.meta.url);
const cert = readFileSync(new URL('localhost.cert.pem', tls), 'utf8');
const key = readFileSync(new URL('localhost.key.pem', tls), 'utf8');

const secure = (): Promise<Loopback> => serveTls({ cert, key }, (_, response) => response.end('secret'));

test('a certificate nobody vouches for is refused, and nothing is asked', async () => {
  await using site = await secure();
  const failure = await failureOf(openHttp(site.url, { limits: { retries: 2 } }).text({ path: '/' }));
  expect(failure.kind).toBe('unreachable');
  expect(failure.message).toBe('GET /: its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
  expect(site.asked).toEqual([]);
});

test('a certificate for another name is refused', async () => {
  await using site = await secure();
  const failure = await failureOf(openHttp(site.url, { certificateAuthority: cert }).text({ path: '/' }));
  expect(failure.kind).toBe('unreachable');
  expect(failure.message).toBe('GET /: its certificate is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)');
  expect(site.asked).toEqual([]);
});

test('a certificate that was good once is refused, and nothing is asked', async () => {
  const expired = readFileSync(new URL('expired.cert.pem', tls), 'utf8');
  await using site = await serveTls({ cert: expired, key }, (_, response) => response.end('secret'));
  const http = openHttp(`https://localhost:${site.port}`, { certificateAuthority: expired, limits: { retries: 2 } });
  const failure = await failureOf(http.text({ path: '/' }));
  expect(failure.kind).toBe('unreachable');
  expect(failure.message).toBe('GET /: its certificate is not trusted (CERT_HAS_EXPIRED)');
  expect(site.asked).toEqual([]);
});

test('a trusted certificate is accepted, and its connection is used again', async () => {
  await using site = await secure();
  const http = openHttp(`https://localhost:${site.port}`, { certificateAuthority: cert });
  expect((await http.text({ path: '/' })).text).toBe('secret');
  expect((await http.text({ path: '/' })).text).toBe('secret');
  expect(site.connections).toBe(1);
});

test('a protocol older than TLS 1.2 is refused', async () => {
  const old = { cert, key, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await using site = await serveTls(old, (_, response) => response.end('secret'));
  const http = openHttp(`https://localhost:${site.port}`, { certificateAuthority: cert });
  expect((await failureOf(http.text({ path: '/' }))).kind).toBe('unreachable');
  expect(site.asked).toEqual([]);
});

test('connections are used again where the answer comes before Node knows that all was sent', async () => {
  onTestFinished(closeWorld);
  // In a process of its own: within one loop, what was sent is always known first.
  const site = await siteWith(0);
  const http = openHttp(site.https, { certificateAuthority: cert });
  const ask = () => http.json({ path: '/event', query: { eventId: 12_345_678 } });
  for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 10 }, ask));
  expect((await site.counted()).handshakes).toBeLessThanOrEqual(10);
});
