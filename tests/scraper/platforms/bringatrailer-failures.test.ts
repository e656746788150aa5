/** How Bring a Trailer refuses, moves and changes, through the real HTTP stack: kind, sentence, and what follows. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { evidenceText } from '#scraper/evidence.ts';
import { createFileStore } from '#scraper/file-store.ts';
import { createPaces } from '#scraper/pace.ts';
import { bringatrailer } from '#scraper/platforms/bringatrailer/index.ts';
import type { WorkItemSeed } from '#scraper/result.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { readFixture } from '../../fixtures/read-fixture.ts';
import { handClock } from '../../helpers/hand-clock.ts';
import { serve } from '../../helpers/loopback.ts';
import { memoryContext } from '../../helpers/memory-context.ts';
import { listingHtml } from './bringatrailer-page.ts';

type Answer = (response: ServerResponse, path: string) => unknown;

function lot(id: string, slug: string): WorkItemSeed {
  return { key: id, priority: Number(id), payload: { url: `https://bringatrailer.com/listing/${slug}/` } };
}

const eight = Array.from({ length: 8 }, (_, index) => lot(`55500${index + 1}`, `lot-${index + 1}`));

/** Scrapes these lots from a site that answers so. */
async function scrape(answer: Answer, items: readonly (WorkItemSeed & { step?: string })[], skip = ['discover']) {
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-lots-'));
  const site = await serve(({ url = '' }, response) => void answer(response, url));
  onTestFinished(async () => {
    await site[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const context = memoryContext({ skip, items: [] });
  for (const item of items) context.items.set(item.key, { step: 'extract', attempts: 0, ...item });
  const clock = handClock();
  const result = await runPlatform(bringatrailer, context, {
    baseUrl: site.url,
    now: () => new Date(clock.now()),
    http: { clock, paces: createPaces(), random: () => 0 },
    files: createFileStore(folder),
    onInternalError: (error) => {
      throw error;
    },
  });
  return { result, context, site };
}

const page = (response: ServerResponse, html: string) =>
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
const challenge = '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>';

describe('a site that refuses', () => {
  test.each<[string, Answer, string, string, boolean]>([
    ['429', (response) => response.writeHead(429).end(), 'rate_limited', 'bringatrailer asked us to slow down', true],
    [
      '403',
      (response) => response.writeHead(403).end('<h1>Forbidden</h1>'),
      'blocked',
      'bringatrailer blocked us',
      false,
    ],
    ['200 “Just a moment...”', (response) => page(response, challenge), 'blocked', 'bringatrailer blocked us', false],
  ])(
    'with %s is left alone after five in a row, and the rest stays to be done',
    async (_, answer, kind, headline, retryable) => {
      const { result, context, site } = await scrape(answer, eight);
      expect(result).toMatchObject({ status: 'failed', stopped: { kind, headline, retryable, step: 'extract' } });
      expect(site.asked).toHaveLength(5);
      expect([...context.results.values()].filter(({ outcome }) => outcome === 'failed')).toHaveLength(5);
      expect(await context.pending('extract')).toHaveLength(8);
      expect(result.steps.map(({ status }) => status)).toEqual(['skipped', 'failed', 'skipped']);
    },
  );

  test('asks us to wait, and is not asked before', async () => {
    const { result, site } = await scrape((response) => response.writeHead(429, { 'retry-after': '600' }).end(), eight);
    expect(result.stopped).toMatchObject({ kind: 'rate_limited', until: expect.stringMatching(/^2\d{3}-/) as string });
    expect(site.asked).toHaveLength(1);
  });
});

describe('a lot', () => {
  test.each([404, 410])('that is gone (%d) is an answer: nothing to retry', async (status) => {
    const { result, context } = await scrape((response) => response.writeHead(status).end(), eight.slice(0, 1));
    expect(result).toMatchObject({ status: 'completed', failures: [] });
    expect(context.results.get('555001')).toMatchObject({
      outcome: 'gone',
      failure: { kind: 'not_found', headline: 'bringatrailer no longer has this', retryable: false },
    });
  });

  test('whose name was changed is followed, and stored under its new address', async () => {
    const moved: Answer = (response, path) =>
      path === '/listing/old-name/'
        ? response.writeHead(301, { location: '/listing/1994-testmake-gt-7/' }).end()
        : page(
            response,
            listingHtml('no-vin-no-gallery', { '555006': '555001', 'rel="canonical"': '', 'property="og:url"': '' }),
          );
    const { context, site } = await scrape(moved, [lot('555001', 'old-name')]);
    expect(site.asked).toEqual(['GET /listing/old-name/', 'GET /listing/1994-testmake-gt-7/']);
    expect(context.records).toMatchObject([{ url: 'https://bringatrailer.com/listing/1994-testmake-gt-7/' }]);
  });

  test.each(['#listing-bid', '.essentials'])(
    'whose page has no %s is drift: named, kept, not stored, not retried',
    async (part) => {
      const attribute = part.startsWith('#') ? 'id="listing-bid"' : 'class="essentials"';
      const html = listingHtml('sold', { [attribute]: 'data-was=""' });
      const { result, context } = await scrape((response) => page(response, html), [lot('555001', 'x')]);
      expect(result.failures).toMatchObject([
        {
          kind: 'drifted',
          headline: 'bringatrailer changed its answers; the scraper has to learn the new shape',
          retryable: false,
          step: 'extract',
          itemKey: '555001',
        },
      ]);
      expect(result.failures[0]?.detail).toContain(`${part} is missing`);
      expect(context.records).toEqual([]);
      expect(context.evidence).toMatchObject([{ itemKey: '555001', why: 'drifted' }]);
      expect(await evidenceText(context.evidence[0]!.body)).toContain('BaT Essentials');
    },
  );

  test('that is another than the one asked for is not stored', async () => {
    const { result, context } = await scrape((response) => page(response, listingHtml('cad')), [lot('555001', 'x')]);
    expect(result.failures).toMatchObject([{ kind: 'drifted' }]);
    expect(context.records).toEqual([]);
  });

  test('with something missing is stored, and its page kept for a better reader', async () => {
    const html = listingHtml('no-vin-no-gallery', { '<li>Four Wheels</li>': '<li>Chassis: 12345</li>' });
    const { result, context } = await scrape((response) => page(response, html), [lot('555006', 'x')]);
    expect(result.steps[1]).toMatchObject({ status: 'success', counts: { layoutProblems: 1 } });
    expect(context.records).toMatchObject([{ listingId: '555006', chassis: '12345', imageUrls: [] }]);
    expect(context.evidence).toMatchObject([{ itemKey: '555006', why: 'incomplete' }]);
    expect(context.failures).toMatchObject([{ kind: 'drifted', itemKey: null }]);
  });

  test.each([
    ['nested too deep', '<div>'.repeat(20_000)],
    ['with attributes without end', `<div ${Array.from({ length: 50_000 }, (_, index) => `a${index}=1`).join(' ')}>`],
  ])('whose page is hostile (%s) costs that lot only', async (_, html) => {
    const answer: Answer = (response, path) => page(response, path.includes('lot-1') ? html : listingHtml('cad'));
    const { result, context } = await scrape(
      answer,
      [lot('555001', 'lot-1'), lot('555007', 'lot-7')],
      ['discover', 'images'],
    );
    expect(result.failures).toMatchObject([{ kind: 'too_large', itemKey: '555001', retryable: false }]);
    expect(context.records).toMatchObject([{ listingId: '555007' }]);
  });
});

describe('an image', () => {
  const url = 'https://bringatrailer.com/wp-content/uploads/2026/11/a b%20c.jpg';
  const image = [{ key: url, priority: 0, payload: { listingId: '555001' }, step: 'images' }];

  function download(answer: Answer) {
    return scrape(answer, image, ['discover', 'extract']);
  }

  test('is what its first bytes say, whatever the site calls it', async () => {
    const { context, site } = await download((response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end(Buffer.from('\xff\xd8\xff\xe0 jpeg', 'latin1')),
    );
    expect(context.records).toMatchObject([{ kind: 'image', url, type: 'image/jpeg', bytes: 9 }]);
    expect(site.asked).toEqual(['GET /wp-content/uploads/2026/11/a%20b%20c.jpg']);
  });

  test.each<[string, Answer, string]>([
    ['another kind of file', (response) => response.writeHead(200).end('%PDF-1.7'), 'drifted'],
    ['a page', (response) => page(response, '<title>Welcome</title>'), 'drifted'],
    ['a challenge', (response) => page(response, challenge), 'blocked'],
    ['a server error', (response) => response.writeHead(503).end(), 'unreachable'],
    [
      'a file without end',
      (response) => response.writeHead(200, { 'content-length': '99000000' }).end('x'),
      'too_large',
    ],
  ])('that is %s is kept as missing', async (_, answer, kind) => {
    const { result, context } = await download(answer);
    expect(result.failures).toMatchObject([{ kind, step: 'images', itemKey: url }]);
    expect(context.records).toEqual([]);
  });

  test('that is gone is an answer', async () => {
    const { result, context } = await download((response) => response.writeHead(404).end());
    expect(result.status).toBe('completed');
    expect(context.results.get(url)).toMatchObject({ outcome: 'gone' });
  });
});

describe('the lists', () => {
  const lists =
    (running: string | null, pages: unknown[]): Answer =>
    (response, path) => {
      const number = Number(/[?&]page=(\d+)/.exec(path)?.[1]);
      if (path === '/auctions/') return running === null ? response.writeHead(500).end() : page(response, running);
      if (number > 0)
        return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(pages[number - 1]));
      return response.writeHead(404).end();
    };
  const auctions = readText('auctions.html');
  const filter = (name: string) => readFixture(`bringatrailer/listings-filter.${name}.json`);

  test('give what runs first, the soonest end foremost, then what ended, page by page', async () => {
    const { context, site } = await scrape(lists(auctions, [filter('page1'), filter('page2')]), [], []);
    expect(site.asked.slice(0, 3)).toEqual([
      'GET /auctions/',
      'GET /wp-json/bringatrailer/1.0/data/listings-filter?page=1&per_page=60&get_items=1&get_stats=0&sort=td',
      'GET /wp-json/bringatrailer/1.0/data/listings-filter?page=2&per_page=60&get_items=1&get_stats=0&sort=td',
    ]);
    expect(site.asked.slice(3)).toHaveLength(6);
    expect(site.asked.slice(3, 5)).toEqual(['GET /listing/1977-testmake-4x4-1/', 'GET /listing/2006-testmake-gt3-2/']);
    expect([...context.items.values()].find(({ key }) => key === '555010')?.payload).toMatchObject({
      listed: { currentBid: null, currency: 'USD', soldText: null, noReserve: false },
    });
  });

  test('cost each other nothing: what ended is found while what runs is not', async () => {
    const { result, context } = await scrape(lists(null, [filter('page1'), filter('page2')]), [], []);
    expect(result.steps[0]).toMatchObject({ status: 'failed', itemsTotal: 4, failure: { kind: 'unreachable' } });
    expect(context.items.size).toBe(4);
  });

  test('whose script is gone have drifted, and the page is kept', async () => {
    const { result, context } = await scrape(
      lists('<title>Auctions</title>', [filter('page1'), filter('page2')]),
      [],
      [],
    );
    expect(result.steps[0]?.failure).toMatchObject({ kind: 'drifted' });
    expect(result.steps[0]?.failure?.detail).toBe('auctions that run: auctionsCurrentInitialData is missing');
    expect(await evidenceText(context.evidence[0]!.body)).toBe('<title>Auctions</title>');
  });

  test('of more lots and words than ever ran at once are read all the same', async () => {
    const wordy = (index: number) => ({
      id: 600_000 + index,
      url: `https://bringatrailer.com/listing/lot-${index}/`,
      excerpt: 'A car. '.repeat(290),
      categories: Array.from({ length: 100 }, () => 1),
    });
    const items = JSON.stringify(Array.from({ length: 2_000 }, (_, index) => wordy(index)));
    const many = auctions.replace(/\{"items": \[.*\], "locations"/s, () => `{"items": ${items}, "locations"`);
    const { context } = await scrape(lists(many, [filter('empty')]), [], ['extract', 'images']);
    expect(context.items.size).toBe(2_000);
  });

  test('that hold nothing are empty', async () => {
    const none = auctions.replace(/\{"items": \[.*\], "locations"/s, '{"items": [], "locations"');
    const { result } = await scrape(lists(none, [filter('empty')]), [], []);
    expect(result.failures.map(({ kind }) => kind)).toEqual(['empty']);
  });
});

function readText(name: string): string {
  return readFileSync(new URL(`../../fixtures/bringatrailer/${name}`, import.meta.url), 'utf8');
}

describe('what can be set', () => {
  test('is how far back and how many images, and nothing unknown', () => {
    expect(() => bringatrailer.configure?.({ site: { endedPages: 0, imagesPerLot: 0 } })).not.toThrow();
    expect(() => bringatrailer.configure?.({ site: { imagesPerLot: 51 } })).toThrow('imagesPerLot');
    expect(() => bringatrailer.configure?.({ site: { pages: 1 } })).toThrow('pages');
    expect(() => bringatrailer.configure?.({ scope: { competitions: [] } })).toThrow('all auctions are taken');
  });
});
