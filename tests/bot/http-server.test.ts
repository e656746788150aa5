import { rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PortError, startHttpServer, type HttpServer, type Readiness } from '#bot/http-server.ts';
import { putContent, swap } from '#bot/page/store.ts';
import { scratchFolder } from '../status-page/scratch-folder.ts';

const folder = await scratchFolder();
const statusDir = join(folder, 'status');
const warnings: unknown[] = [];
const log = { warn: (...told: unknown[]) => void warnings.push(told) };
const good: Readiness = { ready: true, checks: { database: 'answers' } };
const metrics = () => Promise.resolve('rescrape_speaks 1\n');
let ready: () => Promise<Readiness> = () => Promise.resolve(good);
let server: HttpServer;

beforeAll(async () => {
  server = await startHttpServer({ port: 0, statusDir, ready: () => ready(), metrics, log });
});
afterAll(() => server.close());

/** Publishes a page of the given files, as a build does. */
async function publish(files: Record<string, string>, generatedAt = new Date()): Promise<void> {
  const fresh = new Map(
    Object.entries(files).map(([path, text]) => [path, putContent(statusDir, path, Buffer.from(text))]),
  );
  const nextAt = new Date(generatedAt.getTime() + 300_000).toISOString();
  const facts = { edition: 'test', generatedAt: generatedAt.toISOString(), nextAt, newest: 1, open: [], archive: null };
  await swap(statusDir, facts, fresh);
}

const pages = {
  '/': '<h1>front</h1>',
  '/404.html': '<h1>nothing here</h1>',
  '/favicon.svg': '<svg/>',
  '/_astro/page.abc123.css': 'body{}',
  '/runs/1/': '<h1>run 1</h1>',
};

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, { redirect: 'manual', ...init });
}

/** Sends bytes as they are and answers everything that comes back. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write(bytes);
  });
}

function rawGet(target: string): Promise<string> {
  return raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
}

describe('before the first build', () => {
  it('says that there is no page yet, and when to come again', async () => {
    const answer = await get('/');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.text()).toContain('not built yet');
  });

  it('lives all the same', async () => {
    const answer = await get('/healthz');
    expect([answer.status, await answer.text()]).toEqual([200, 'ok\n']);
  });
});

describe('a built page', () => {
  beforeAll(() => publish(pages));

  it.each([
    ['/', 200, 'text/html; charset=utf-8', 'no-cache', '<h1>front</h1>'],
    ['/?utm=1', 200, 'text/html; charset=utf-8', 'no-cache', '<h1>front</h1>'],
    ['/runs/1/', 200, 'text/html; charset=utf-8', 'no-cache', '<h1>run 1</h1>'],
    ['/favicon.svg', 200, 'image/svg+xml; charset=utf-8', 'no-cache', '<svg/>'],
    ['/_astro/page.abc123.css', 200, 'text/css; charset=utf-8', 'public, max-age=31536000, immutable', 'body{}'],
    ['/runs/2/', 404, 'text/html; charset=utf-8', 'no-cache', '<h1>nothing here</h1>'],
    ['/runs/', 404, 'text/html; charset=utf-8', 'no-cache', '<h1>nothing here</h1>'],
  ])('is served: %s', async (path, status, type, cache, body) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      status,
      type,
      cache,
    ]);
    expect(await answer.text()).toBe(body);
  });

  it('leads a run’s address without a slash to the one with it', async () => {
    const answer = await get('/runs/1');
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/runs/1/']);
    expect((await get('/runs/2')).status).toBe(404);
  });

  it('answers HEAD with the same headers and no body', async () => {
    const [head, full] = [await get('/', { method: 'HEAD' }), await get('/')];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['content-length', 'content-type', 'etag']) {
      expect(head.headers.get(name)).toBe(full.headers.get(name));
    }
  });

  it('is sent compressed to who takes that, under a tag of its own', async () => {
    await publish({ '/long/': `<p>${'word '.repeat(1_000)}</p>` });
    const tags = new Set<string | null>();
    for (const [accept, encoding] of [
      ['gzip, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const answer = await get('/long/', { headers: { 'accept-encoding': accept } });
      expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([
        encoding,
        'Accept-Encoding',
      ]);
      expect(await answer.text()).toContain('word word');
      tags.add(answer.headers.get('etag'));
    }
    expect(tags.size).toBe(3);
    expect((await get('/', { headers: { 'accept-encoding': 'br' } })).headers.get('content-encoding')).toBeNull();
  });

  it('warns of being out of date when it was not renewed three times in a row', async () => {
    const front = { '/': '<body><!--stale--><h1>front</h1></body>' };
    await publish(front, new Date(Date.now() - 14 * 60_000));
    expect(await (await get('/')).text()).toBe('<body><!--stale--><h1>front</h1></body>');
    const fresh = (await get('/')).headers.get('etag');
    await publish(front, new Date(Date.now() - 16 * 60_000));
    const stale = await get('/');
    expect(await stale.text()).toMatch(/<p class="stale" role="alert">.*out of date.*made 16 minutes ago.*<h1>front/);
    expect(stale.headers.get('etag')).not.toBe(fresh);
    await publish(pages);
  });

  it('is not sent again to who has it', async () => {
    const tag = (await get('/')).headers.get('etag') ?? '';
    expect(tag).toMatch(/^"[\da-f]{32}"$/);
    const again = await get('/', { headers: { 'if-none-match': `"other", W/${tag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('/', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const answer = await get('/', { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it.each([
    '/../secret.txt',
    '/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/%2e%2e/secret.txt',
    '/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/....//....//secret.txt',
    '/..\\..\\secret.txt',
    '/..%5c..%5csecret.txt',
    '/..%c0%af..%c0%afsecret.txt',
    '/%252e%252e/secret.txt',
    '/runs/1/../../../../secret.txt',
    '/runs/1/../../index.html',
    '//etc/passwd',
    '//secret.txt',
    '/./index.html',
    '/.secret',
    '/.git/config',
    '/%2esecret',
    '/index.html/',
    '/index.html%00.css',
    '/index.html;x',
    '/INDEX.HTML',
    '/_astro/',
    '/_astro',
    '/builds/',
    '/current',
    '/__proto__',
    '/constructor',
    '/runs/1/index.html/..',
    '/~root',
    '/C:/secret.txt',
    `/${'a/'.repeat(1000)}`,
    'http://elsewhere.example/index.html',
    'secret.txt',
    '*',
  ])('gives nothing away for %s', async (target) => {
    await writeFile(join(statusDir, 'secret.txt'), 'canary');
    await writeFile(join(folder, 'secret.txt'), 'canary');
    const answer = await rawGet(target);
    expect(answer).toMatch(/^HTTP\/1\.1 (404|400) /);
    expect(answer).not.toMatch(/canary|front|root:/);
  });

  it('is protected in every answer, whatever it says', async () => {
    const answers = [
      await rawGet('/'),
      await rawGet('/runs/1'),
      await rawGet('/nothing'),
      await rawGet('/healthz'),
      await rawGet('/readyz'),
      await raw('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc'),
      await raw('nonsense\r\n\r\n'),
      await rawGet(`/?${'a'.repeat(9_000)}`),
    ];
    expect(answers.map((answer) => Number(answer.split(' ')[1]))).toEqual([200, 301, 404, 200, 200, 405, 400, 431]);
    for (const answer of answers) {
      expect(answer).toContain("Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:;");
      expect(answer).toMatch(/frame-ancestors 'none'/);
      expect(answer).toMatch(/X-Content-Type-Options: nosniff/);
      expect(answer).toMatch(/Referrer-Policy: no-referrer/);
      expect(answer).toMatch(/Cross-Origin-Opener-Policy: same-origin/);
      expect(answer).toMatch(/Permissions-Policy: camera=\(\)/);
    }
  });
});

describe('readiness', () => {
  it('tells of what it is made', async () => {
    const answer = await get('/readyz');
    expect([answer.status, await answer.json()]).toEqual([200, good]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['something is missing', () => Promise.resolve({ ready: false, checks: { database: 'does not answer' } })],
    ['the check itself breaks', () => Promise.reject(new Error('canary'))],
    [
      'the check breaks at once',
      () => {
        throw new Error('canary');
      },
    ],
  ])('is refused when %s', async (_, check) => {
    ready = check;
    const answer = await get('/readyz');
    ready = () => Promise.resolve(good);
    expect(answer.status).toBe(503);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ ready: false });
    expect(text).not.toContain('canary');
  });
});

describe('while pages are swapped', () => {
  const size = 50_000;
  const version = (n: number) => ({
    '/': `v${n};`.repeat(size),
    '/runs/1/': `v${n};`.repeat(size),
    '/404.html': `v${n};`,
  });

  it('each answer is wholly of one build', async () => {
    await publish(version(0));
    let done = false;
    const seen = new Set<string>();
    const broken: string[] = [];
    let answered = 0;
    async function reader(path: string): Promise<void> {
      while (!done || answered < 1_000) {
        const answer = await get(path);
        const text = await answer.text();
        const [first = ''] = text.split(';', 1);
        seen.add(first);
        answered += 1;
        if (answer.status !== 200 || text !== `${first};`.repeat(size))
          broken.push(`${answer.status} ${text.slice(0, 80)}`);
      }
    }
    const readers = Array.from({ length: 12 }, (_, n) => reader(n % 2 ? '/' : '/runs/1/'));
    for (let n = 1; n <= 20; n++) await publish(version(n));
    done = true;
    await Promise.all(readers);
    expect(broken).toEqual([]);
    expect(answered).toBeGreaterThanOrEqual(1_000);
    expect(seen.size).toBeGreaterThan(2);
    expect(await (await get('/nothing')).text()).toBe('v20;');
    expect(warnings).toEqual([]);
  });

  it('says what it can when the page is taken away', async () => {
    await rm(join(statusDir, 'site.json'));
    expect((await get('/')).status).toBe(503);
    await publish(pages);
    expect(await (await get('/')).text()).toBe('<h1>front</h1>');
  });
});

describe('the port', () => {
  it('that is taken is told with the variable to set', async () => {
    const port = Number(new URL(server.url).port);
    const refused = startHttpServer({ port, statusDir, ready: () => Promise.resolve(good), metrics, log });
    await expect(refused).rejects.toBeInstanceOf(PortError);
    await expect(refused).rejects.toThrow(`Port ${port} on 127.0.0.1 is already in use. Set PORT to a free port`);
  });

  it('is given back on close, though somebody keeps a connection open', async () => {
    const other = await startHttpServer({ port: 0, statusDir, ready: () => Promise.resolve(good), metrics, log });
    const idle = connect(Number(new URL(other.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const ended = new Promise((resolve) => idle.once('close', resolve));
    idle.resume();
    await fetch(`${other.url}/healthz`);
    await other.close();
    await ended;
    await expect(fetch(`${other.url}/healthz`)).rejects.toThrow('fetch failed');
    const again = await startHttpServer({
      port: Number(new URL(other.url).port),
      statusDir,
      ready: () => Promise.resolve(good),
      metrics,
      log,
    });
    await again.close();
  });
});
