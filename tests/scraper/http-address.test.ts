/** Where a site may lead us: names and addresses are checked at the moment they are connected to. */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { connect, type LookupFunction } from 'node:net';
import { expect, test } from 'vitest';
import { openBlackHole } from '../helpers/black-hole.ts';
import { serveProxy } from '../helpers/connect-proxy.ts';
import { serve, serveTls } from '../helpers/loopback.ts';
import { failureOf, openHttp } from './open-http.ts';

const tls = new URL('../fixtures/tls/', import.meta.url);
const cert = readFileSync(new URL('localhost.cert.pem', tls), 'utf8');
const key = readFileSync(new URL('localhost.key.pem', tls), 'utf8');

const refused = 'its address is not a public one, so it was not asked (ERR_NOT_PUBLIC)';

/** A DNS that gives these answers one after the other, the last one for ever, and counts. */
function dns(...answers: (string | string[])[]): LookupFunction & { asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, options, callback) => {
    asked.push(hostname);
    const answer = answers[Math.min(asked.length, answers.length) - 1]!;
    const all = [answer].flat().map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, all);
    else callback(null, all[0]!.address, all[0]!.family);
  };
  return Object.assign(lookup, { asked });
}

const redirecting = (location: string) =>
  serve((request, response) => {
    if (request.url === '/from') response.writeHead(302, { location }).end();
    else response.end('reached');
  });

test.each([
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fd00:ec2::254',
])('a public site whose name leads to %s is not asked', async (address) => {
  await using site = await serve((_, response) => response.end('reached'));
  const lookup = dns(address);
  const failure = await failureOf(openHttp(`http://site.example:${site.port}`, { lookup }).text({ path: '/' }));
  expect([failure.kind, failure.message]).toEqual(['unreachable', `GET /: ${refused}`]);
  expect(lookup.asked).toEqual(['site.example']);
  expect(site.connections).toBe(0);
});

test('one bad address among good ones is enough', async () => {
  await using site = await serve((_, response) => response.end('reached'));
  const lookup = dns(['127.0.0.1', '8.8.8.8']);
  const failure = await failureOf(openHttp(`http://site.example:${site.port}`, { lookup }).text({ path: '/' }));
  expect(failure.message).toBe(`GET /: ${refused}`);
});

test('a name is looked up once for a connection: what was checked is what is connected to', async () => {
  await using site = await serve((request, response) => {
    if (request.url === '/last') response.shouldKeepAlive = false;
    response.end(request.headers.host);
  });
  const lookup = dns('127.0.0.1', '169.254.169.254');
  const http = openHttp(`http://site.localhost:${site.port}`, { lookup });
  for (const path of ['/', '/', '/last']) expect((await http.text({ path })).text).toBe(`site.localhost:${site.port}`);
  expect(lookup.asked).toHaveLength(1);
  expect((await failureOf(http.text({ path: '/' }))).message).toBe(`GET /: ${refused}`);
  expect(lookup.asked).toHaveLength(2);
  expect(site.asked).toHaveLength(3);
});

test.each([
  ['http://10.0.0.1/', '10.0.0.1'],
  ['http://0xa9.254.43518/', '169.254.169.254'],
  ['http://2852039166/', '169.254.169.254'],
  ['http://[::ffff:10.0.0.1]/', '[::ffff:a00:1]'],
  ['http://[fe80::1]/', '[fe80::1]'],
  ['http://⑩.⓪.⓪.①/', '10.0.0.1'],
])('an address that needs no lookup is checked as well, even where it is listed: %s', async (location, host) => {
  await using site = await redirecting(Buffer.from(location).toString('latin1'));
  const failure = await failureOf(openHttp(site.url, { redirectHosts: [host] }).text({ path: '/from' }));
  expect([failure.kind, failure.message]).toEqual(['unreachable', `GET /from: ${refused}`]);
  expect(site.asked).toEqual(['GET /from']);
});

test.each(['2130706433', '0x7f.1', '127.1', '0', '[::ffff:127.0.0.1]', '①②⑦.⓪.⓪.①'])(
  'a site with a public name cannot send us to this machine, however it spells it: %s',
  async (spelling) => {
    await using inside = await serve((_, response) => response.end('inside'));
    const location = `http://${spelling}:${inside.port}/`;
    await using site = await redirecting(Buffer.from(location).toString('latin1'));
    // A proxy stands for the internet here: it takes the public name to the site.
    await using proxy = await serveProxy({ leadsTo: site.port });
    const http = openHttp('http://site.example', {
      proxyUrl: `http://127.0.0.1:${proxy.port}`,
      redirectHosts: [new URL(location).host],
    });
    expect((await failureOf(http.text({ path: '/from' }))).message).toBe(`GET /from: ${refused}`);
    expect(proxy.tunnels.map(({ target }) => target)).toEqual(['site.example:80']);
    expect(inside.connections).toBe(0);
  },
);

test('of several addresses of a name the next one is tried when one does not answer', async () => {
  await using site = await serve((_, response) => response.end('reached'));
  const http = openHttp(`http://localhost:${site.port}`, { lookup: dns(['::1', '127.0.0.1']) });
  expect((await http.text({ path: '/' })).text).toBe('reached');
});

test.each(['http', 'https'] as const)(
  'an IPv6 address that swallows everything does not keep the IPv4 one from answering: %s',
  async (scheme) => {
    const reply = (_: unknown, response: ServerResponse) => void response.end('reached');
    await using site = await (scheme === 'http' ? serve(reply) : serveTls({ cert, key }, reply));
    await using _ = await openBlackHole('::1', site.port);
    const hole = connect({ host: '::1', port: site.port }).on('error', () => {});
    const http = openHttp(`${scheme}://localhost:${site.port}`, {
      lookup: dns(['::1', '127.0.0.1']),
      certificateAuthority: cert,
    });
    expect((await http.text({ path: '/' })).text).toBe('reached');
    expect([hole.connecting, hole.remoteAddress]).toEqual([true, undefined]);
    hole.destroy();
  },
);

test('a base address on this machine means this machine, and nothing else that is private', async () => {
  await using other = await serve((_, response) => response.end('other'));
  await using site = await redirecting(`http://localhost:${other.port}/`);
  const lookup = dns('127.0.0.1', '192.168.0.1');
  const http = openHttp(site.url, { redirectHosts: [`localhost:${other.port}`, '10.0.0.1'], lookup });
  expect((await http.text({ path: '/from' })).text).toBe('other');
  expect(lookup.asked).toEqual(['localhost']);
});
