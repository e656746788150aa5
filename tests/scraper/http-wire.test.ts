import { execFile } from 'node:child_process';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { handClock } from '../helpers/hand-clock.ts';
import { serve, serveRaw } from '../helpers/loopback.ts';
import { failureOf, openHttp } from './open-http.ts';

const megabyte = 1_000_000;

/** Writes an answer head and body as they are. */
function write(socket: Socket, headers: string[], body: string | Buffer, status = '200 OK'): void {
  socket.write([`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n'));
  socket.write(body);
}

test('compressed answers are read, whatever the compression', async () => {
  await using site = await serve((request, response) => {
    const encoding = request.url!.slice(1);
    const compress = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync }[encoding]!;
    response.writeHead(200, { 'content-encoding': encoding }).end(compress(Buffer.from(`{"by":"${encoding}"}`)));
  });
  const http = openHttp(site.url);
  for (const encoding of ['gzip', 'br', 'zstd']) {
    expect(await http.json({ path: `/${encoding}` })).toEqual({ by: encoding });
  }
});

test('an answer whose compression was cut off is truncated although its length is right', async () => {
  const whole = gzipSync(JSON.stringify({ list: Array.from({ length: 500 }, (_, index) => index) }));
  await using site = await serve((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(whole.subarray(0, -30)),
  );
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('truncated');
});

test('an empty body that claims to be compressed is truncated', async () => {
  await using site = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end());
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('truncated');
});

test('fewer bytes than announced are truncated', async () => {
  await using site = await serveRaw((socket) => {
    write(socket, ['Content-Length: 100'], '{"a":1}');
    socket.end();
  });
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('truncated');
});

test('more bytes than announced are truncated', async () => {
  await using site = await serveRaw((socket) =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1},"b":2}'),
  );
  const failure = await failureOf(openHttp(site.url).json({ path: '/' }));
  expect([failure.kind, failure.message]).toEqual([
    'truncated',
    'GET /: the length announced is not the length sent (HPE_INVALID_CONSTANT)',
  ]);
});

test('an answer that tells its length in two ways is refused: it may be two answers', async () => {
  await using site = await serveRaw((socket) =>
    write(socket, ['Transfer-Encoding: chunked', 'Content-Length: 2'], '2\r\n{}\r\n0\r\n\r\n'),
  );
  expect((await failureOf(openHttp(site.url).json({ path: '/' }))).kind).toBe('unreachable');
});

test('bytes that follow later are not taken for the next answer', async () => {
  await using site = await serveRaw((socket, head) => {
    if (head.includes('/first')) {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst');
      setImmediate(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged'));
    } else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond');
  });
  const http = openHttp(site.url);
  expect((await http.text({ path: '/first' })).text).toBe('first');
  const second = await http.text({ path: '/second' }).then(
    ({ text }) => text,
    () => 'refused',
  );
  expect(['second', 'refused']).toContain(second);
});

test('chunks without an end are truncated', async () => {
  await using site = await serveRaw((socket) => {
    write(socket, ['Transfer-Encoding: chunked'], '7\r\n{"a":1}\r\n');
    socket.end();
  });
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('truncated');
});

test('a connection that breaks in the middle is truncated, one that breaks before an answer is unreachable', async () => {
  await using site = await serveRaw((socket, head) => {
    if (head.includes('/middle'))
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc', () => socket.resetAndDestroy());
    else socket.destroy();
  });
  const http = openHttp(site.url);
  expect((await failureOf(http.text({ path: '/middle' }))).kind).toBe('truncated');
  expect((await failureOf(http.text({ path: '/before' }))).kind).toBe('unreachable');
});

test('an answer that is no HTTP is unreachable', async () => {
  await using site = await serveRaw((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n'));
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('unreachable');
});

test('a body announced larger than allowed is refused before it is read', async () => {
  await using site = await serveRaw((socket) => write(socket, ['Content-Length: 99999999999'], 'x'));
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('too_large');
});

test('a body that never ends is left as soon as it is too large', async () => {
  let sent = 0;
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  await using site = await serve((_, response) => {
    response.on('close', resolve);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const more = () => {
      if (response.destroyed) return;
      sent += chunk.length;
      response.write(chunk, more);
    };
    more();
  });
  expect((await failureOf(openHttp(site.url, { limits: { wireBytes: megabyte } }).text({ path: '/' }))).kind).toBe(
    'too_large',
  );
  await closed;
  expect(sent).toBeLessThan(50 * megabyte);
});

test('a bomb is too large: a small single one by what comes out, a stacked one by being stacked', async () => {
  const single = gzipSync(Buffer.alloc(300 * megabyte));
  const stacked = gzipSync(single);
  expect(stacked.length).toBeLessThan(2000);
  await using site = await serve((request, response) => {
    const isStacked = request.url === '/stacked';
    response
      .writeHead(200, { 'content-encoding': isStacked ? 'gzip, gzip' : 'gzip' })
      .end(isStacked ? stacked : single);
  });
  const http = openHttp(site.url);
  expect((await failureOf(http.json({ path: '/single' }))).kind).toBe('too_large');
  expect((await failureOf(http.json({ path: '/stacked' }))).kind).toBe('too_large');
});

test('a bomb takes no more memory than the largest answer may', async () => {
  const bomb = gzipSync(Buffer.alloc(300 * megabyte));
  await using site = await serve(({ url }, response) => {
    if (url === '/small') response.end();
    else response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  const program = `
    import { createBrowser } from '#scraper/browser.ts';
    import { createHttp } from '#scraper/http.ts';
    const { signal } = new AbortController();
    const pace = { concurrency: 1, gapMs: 0 };
    await using http = createHttp({ browser: createBrowser(), baseUrl: '${site.url}', pace, signal });
    await http.text({ path: '/small' }).catch(() => {});
    const before = process.resourceUsage().maxRSS;
    const kinds = [];
    for (let times = 0; times < 3; times += 1) await http.text({ path: '/' }).catch(({ kind }) => kinds.push(kind));
    console.log(JSON.stringify({ kinds, grown: (process.resourceUsage().maxRSS - before) / 1000 }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const { kinds, grown } = JSON.parse(stdout) as { kinds: string[]; grown: number };
  expect(kinds).toEqual(['too_large', 'too_large', 'too_large']);
  expect(grown).toBeLessThan(80);
});

test('a site that never answers is given up after the time for the first byte', async () => {
  await using site = await serveRaw(() => {});
  const failure = await failureOf(openHttp(site.url, { limits: { firstByteMs: 30 } }).text({ path: '/' }));
  expect([failure.kind, failure.message]).toEqual(['unreachable', 'GET /: no answer within 30 ms']);
});

test('once an answer has begun, the time for the first byte does not end it', async () => {
  await using site = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsl');
    setTimeout(() => socket.write('ow'), 1200);
  });
  expect((await openHttp(site.url, { limits: { firstByteMs: 1000 } }).text({ path: '/' })).text).toBe('slow');
});

test('the body of a refusal is not waited for', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  await using site = await serveRaw((socket) => {
    socket.on('close', () => resolve());
    write(socket, ['Content-Length: 100000000'], 'sorry', '404 Not Found');
  });
  expect((await failureOf(openHttp(site.url).text({ path: '/' }))).kind).toBe('not_found');
  await closed;
});

test('an answer that trickles is given up after the total time, although it never pauses for long', async () => {
  await using site = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
    const trickle = setInterval(() => socket.write('x'), 5);
    socket.on('close', () => clearInterval(trickle));
  });
  const failure = await failureOf(openHttp(site.url, { limits: { totalMs: 100 } }).text({ path: '/' }));
  expect([failure.kind, failure.message]).toEqual(['unreachable', 'GET /: the answer did not end within 100 ms']);
});

test.each(['/silent', '/trickling'])('aborting ends a request at once, with the reason given: %s', async (path) => {
  const { promise: asked, resolve } = Promise.withResolvers<Socket>();
  await using site = await serveRaw((socket, head) => {
    if (head.includes('/trickling')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx');
    resolve(socket);
  });
  const run = new AbortController();
  const pending = openHttp(site.url, { signal: run.signal, limits: { retries: 2 } }).text({ path });
  const socket = await asked;
  const gone = new Promise((settle) => socket.on('close', settle));
  const reason = new Error('the lease is lost');
  run.abort(reason);
  await expect(pending).rejects.toBe(reason);
  await gone;
  expect(site.asked).toHaveLength(1);
});

test('aborting ends the waiting between two tries', async () => {
  await using site = await serve((_, response) => response.writeHead(500).end());
  const run = new AbortController();
  const clock = handClock();
  const sleep = clock.sleep;
  clock.sleep = (ms, signal) => {
    run.abort(new Error('enough'));
    return sleep(ms, signal);
  };
  const http = openHttp(site.url, { signal: run.signal, clock, limits: { retries: 2 } });
  await expect(http.text({ path: '/' })).rejects.toThrow('enough');
  expect(http.counters).toEqual({ requests: 1, retries: 0, redirects: 0 });
});

test('once the site is to be left alone nothing is sent, but what is under way comes home', async () => {
  const { promise: asked, resolve: arrived } = Promise.withResolvers<void>();
  const { promise: answering, resolve: answer } = Promise.withResolvers<void>();
  await using site = await serve((_, response) => {
    arrived();
    void answering.then(() => response.end('home'));
  });
  const leaving = new AbortController();
  const http = openHttp(site.url, { leave: leaving.signal, pace: { concurrency: 1, gapMs: 0 } });
  const underWay = http.text({ path: '/under-way' });
  await asked;
  const queued = http.text({ path: '/queued' });
  const reason = new Error('left alone');
  leaving.abort(reason);
  await expect(queued).rejects.toBe(reason);
  await expect(http.text({ path: '/late' })).rejects.toBe(reason);
  answer();
  expect((await underWay).text).toBe('home');
  expect(site.asked).toEqual(['GET /under-way']);
});

test('told to leave between two tries, the failure of the first is the answer', async () => {
  const leaving = new AbortController();
  await using site = await serve((_, response) => {
    leaving.abort(new Error('left alone'));
    response.writeHead(503).end();
  });
  const http = openHttp(site.url, { leave: leaving.signal, limits: { retries: 2 } });
  expect((await failureOf(http.text({ path: '/' }))).message).toBe('GET /: status 503');
});
