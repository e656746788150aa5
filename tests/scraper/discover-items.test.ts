import { expect, test } from 'vitest';
import { ScrapeError } from '#scraper/errors.ts';
import { memoryContext, seedsOf } from '../helpers/memory-context.ts';
import { discovering, runToy, toyPlatform, toySite, toySteps } from './toy-platform.ts';

const extract = toySteps[1]!;

test('everything kept from an earlier job completes without work', async () => {
  const site = await toySite(['a', 'b']);
  const result = await runToy(site, { context: memoryContext({ kept: ['a', 'b'] }) });
  expect(result.status).toBe('completed');
  expect(result.steps[0]!.counts).toMatchObject({ added: 0, kept: 2 });
  expect(site.asked).toEqual(['GET /list']);
});

test('what was kept makes a broken attempt partial', async () => {
  const site = await toySite(['a', 'b'], { '/item/b': 400 });
  expect((await runToy(site, { context: memoryContext({ kept: ['a'] }) })).status).toBe('partial');
});

test('finding nothing at all is a failure of its own', async () => {
  const context = memoryContext();
  const result = await runToy(await toySite([]), { context });
  expect(result).toMatchObject({ status: 'failed', stopped: null, failures: [{ kind: 'empty', step: 'discover' }] });
  expect(result.steps.map((step) => step.status)).toEqual(['failed', 'skipped']);
});

test('finding nothing because something failed is that failure, not emptiness', async () => {
  const failing = discovering(async function* (site) {
    site.report(new ScrapeError('api_error', 'bizCode 19999'));
    yield [];
  });
  const result = await runToy(await toySite([]), { platform: toyPlatform([failing, extract]) });
  expect(result.failures.map(({ kind }) => kind)).toEqual(['api_error']);
});

test('finding again what this job already knows is not empty', async () => {
  const context = memoryContext({ items: seedsOf('a') });
  expect((await runToy(await toySite(['a']), { context })).status).toBe('completed');
});

test('a list is told how much of each batch was new, so that it can stop where nothing is', async () => {
  const told: unknown[] = [];
  const reading = discovering(async function* () {
    try {
      told.push(yield seedsOf('new', 'old'));
      told.push(yield seedsOf('old'));
      yield seedsOf('older');
    } finally {
      told.push('closed');
    }
  });
  const context = memoryContext({ kept: ['old'] });
  context.before = (method) => {
    if (method === 'seed' && told.length === 2) throw new Error('the lease was lost');
  };
  const scrape = runToy(await toySite([]), { platform: toyPlatform([reading, extract]), context });
  await expect(scrape).rejects.toThrow('the lease was lost');
  expect(told).toEqual([{ added: 1, kept: 1, known: 0 }, { added: 0, kept: 1, known: 0 }, 'closed']);
});

test('when discovery breaks off, what it found is still worked on', async () => {
  const breaking = discovering(async function* () {
    yield seedsOf('a', 'b');
    throw new ScrapeError('drifted', 'page 2: "events" is missing');
  });
  const site = await toySite([]);
  const result = await runToy(site, { platform: toyPlatform([breaking, extract]) });
  expect(result.status).toBe('partial');
  expect(result.steps).toMatchObject([
    { status: 'failed', itemsTotal: 2, failure: { kind: 'drifted' } },
    { status: 'success', itemsDone: 2 },
  ]);
});

test('when discovery breaks off with nothing found, the item step is skipped', async () => {
  const result = await runToy(await toySite([], { '/list': 500 }));
  expect(result).toMatchObject({ status: 'failed', stopped: null, failures: [{ kind: 'unreachable' }] });
  expect(result.steps.map((step) => step.status)).toEqual(['failed', 'skipped']);
});

test.each([
  [403, 'blocked'],
  [429, 'rate_limited'],
])('when discovery is refused with %i the site is left alone, whatever was found', async (status, kind) => {
  const refused = discovering(async function* (site) {
    yield seedsOf('a');
    await site.http.json({ path: '/list' });
  });
  const site = await toySite([], { '/list': status });
  const result = await runToy(site, { platform: toyPlatform([refused, extract]) });
  expect(result).toMatchObject({ status: 'failed', stopped: { kind, step: 'discover' } });
  expect(result.steps.map((step) => step.status)).toEqual(['failed', 'skipped']);
  expect(site.asked).toEqual(['GET /list']);
});

test('a reported failure makes the discovery failed, but it goes on and its items are worked on', async () => {
  const reporting = discovering(async function* (site) {
    yield seedsOf('a');
    site.report(new ScrapeError('unreachable', 'GET /cup: status 500'), 'competition Cup');
    yield seedsOf('b');
  });
  const context = memoryContext();
  const result = await runToy(await toySite([]), { platform: toyPlatform([reporting, extract]), context });
  expect(result.status).toBe('partial');
  expect(result.steps).toMatchObject([
    { status: 'failed', itemsTotal: 2, failure: { detail: 'competition Cup: GET /cup: status 500' } },
    { status: 'success', itemsDone: 2 },
  ]);
  expect(context.failures).toHaveLength(1);
});

test('what a failure quotes from the site is made fit to store', async () => {
  const hostile = discovering(async function* () {
    yield seedsOf('a');
    throw new ScrapeError('drifted', `\0\ud800${'x😀'.repeat(5000)}`);
  });
  const result = await runToy(await toySite([]), { platform: toyPlatform([hostile, extract]) });
  const { detail } = result.failures[0]!;
  expect(detail.isWellFormed()).toBe(true);
  expect(detail.startsWith('\uFFFD\uFFFDx😀')).toBe(true);
  expect(Buffer.byteLength(detail)).toBeLessThanOrEqual(2000);
});
