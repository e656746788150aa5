import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ScrapeError } from '#scraper/errors.ts';
import type { Step } from '#scraper/platform.ts';
import { closedPort } from '../helpers/loopback.ts';
import { memoryContext, seedsOf } from '../helpers/memory-context.ts';
import { type Behaviour, runToy, toyPlatform, toySite, toySteps } from './toy-platform.ts';

const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const extract = toySteps[1]!;

/** A run over items a to h, one at a time. */
async function run(behaviours: Record<string, Behaviour>) {
  const site = await toySite([], behaviours);
  const context = memoryContext({ skip: ['discover'], items: seedsOf(...keys) });
  const result = await runToy(site, { context });
  return { result, context, asked: site.asked.map((line) => line.replace('GET /item/', '')) };
}

test.each([
  [403, 'blocked'],
  [429, 'rate_limited'],
  [503, 'unreachable'],
])('after enough answers of %i in a row the site is left alone and the rest stays pending', async (status, kind) => {
  const { result, context, asked } = await run({ '/item/b': status, '/item/c': status, '/item/d': status });
  expect(result).toMatchObject({ status: 'partial', stopped: { kind, itemKey: 'd' } });
  expect(result.steps[1]).toMatchObject({ status: 'failed', itemsTotal: 8, itemsDone: 1, itemsFailed: 3 });
  expect(result.steps[1]!.failure).toBe(result.stopped);
  expect(new Set(asked)).toEqual(new Set(['a', 'b', 'c', 'd']));
  expect((await context.pending('extract')).map((item) => item.key)).toEqual(['b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

test('refusals of different kinds count together, and the plainest of them says why the site was left', async () => {
  const { result } = await run({ '/item/a': 503, '/item/b': 403, '/item/c': 503 });
  expect(result.stopped).toMatchObject({ kind: 'blocked', itemKey: 'b' });
});

test.each([200, 404])('an answer in between (%i) begins the count anew', async (status) => {
  const { result } = await run({ '/item/a': 403, '/item/b': 403, '/item/c': status, '/item/d': 403, '/item/e': 403 });
  expect(result.stopped).toBe(null);
  expect(result.steps[1]).toMatchObject({ itemsDone: 4, itemsFailed: 4 });
});

test('other failures neither count nor begin the count anew', async () => {
  const { result } = await run({ '/item/a': 403, '/item/b': 400, '/item/c': 403, '/item/d': 400, '/item/e': 403 });
  expect(result.stopped).toMatchObject({ kind: 'blocked', itemKey: 'e' });
});

test('one answer that asks for more than a minute is enough', async () => {
  const { result, asked } = await run({ '/item/b': [429, { 'retry-after': '120' }] });
  expect(result.stopped).toMatchObject({ kind: 'rate_limited', itemKey: 'b' });
  expect(result.stopped?.until).toBe('2026-11-23T12:02:00.000Z');
  expect(asked).toEqual(['a', 'b']);
});

test('the pause a site asks for is kept before the item fails', async () => {
  const { context } = await run({ '/item/b': [429, { 'retry-after': '120' }] });
  expect(context.pauses).toEqual([[expect.stringMatching(/^127\.0\.0\.1:\d+$/), 120_000]]);
  const order = context.calls.filter((call) => /^(paused|failed)/.test(call)).map((call) => call.split(' ')[0]);
  expect(order).toEqual(['paused', 'failed']);
});

test('a pause that cannot be kept ends the attempt, as everything that cannot be kept does', async () => {
  const site = await toySite([], { '/item/a': [429, { 'retry-after': '30' }] });
  const context = memoryContext({ skip: ['discover'], items: seedsOf(...keys) });
  context.before = (method) => {
    if (method === 'paused') throw new Error('the database is away');
  };
  await expect(runToy(site, { context })).rejects.toThrow('the database is away');
});

test('a shorter wait is waited for, and the run goes on', async () => {
  const { result, asked } = await run({ '/item/b': [429, { 'retry-after': '30' }] });
  expect(result.stopped).toBe(null);
  expect(asked).toEqual(keys);
});

test('what is under way when the site is given up is finished and counts', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const site = await toySite([], {
    '/item/a': (response) => void released.then(() => response.end()),
    '/item/b': 403,
    '/item/c': 403,
    '/item/d': 403,
  });
  const context = memoryContext({ skip: ['discover'], items: seedsOf(...keys) });
  context.before = (method) => {
    if (method === 'failed' && context.failures.length === 0) release();
  };
  const result = await runToy(site, {
    context,
    platform: toyPlatform(toySteps, { concurrency: 2 }),
    batch: { items: 3, ms: 60_000 },
  });
  expect(result).toMatchObject({ status: 'partial', stopped: { kind: 'blocked', itemKey: 'd' } });
  expect(context.results.get('a')).toMatchObject({ outcome: 'done' });
  expect(result.steps[1]).toMatchObject({ itemsDone: 1, itemsFailed: 3 });
  expect(site.asked).toHaveLength(4);
});

test('an item under way sends no second request once the site is left alone, and stays pending', async () => {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  const twice: Step = {
    kind: 'items',
    name: 'extract',
    async work(item, site) {
      await site.http.text({ path: `/item/${item.key}` });
      if (item.key !== 'a') return [];
      await stopped;
      await turn();
      await site.http.text({ path: '/item/a/more' });
      return [];
    },
  };
  const site = await toySite([], { '/item/b': 403, '/item/c': 403, '/item/d': 403 });
  const context = memoryContext({ items: seedsOf(...keys) });
  context.before = (method) => {
    if (method === 'settle') stop();
  };
  const platform = toyPlatform([twice], { concurrency: 2 });
  const result = await runToy(site, { context, platform, batch: { items: 3, ms: 60_000 } });
  expect(result.stopped).toMatchObject({ itemKey: 'd' });
  expect(site.asked).not.toContain('GET /item/a/more');
  expect(context.results.has('a')).toBe(false);
  expect(result.steps[0]).toMatchObject({ itemsDone: 0, itemsFailed: 3 });
});

test('refusals that a discovery only reports end it as well, and nothing more is sent', async () => {
  const stubborn: Step = {
    kind: 'discover',
    name: 'discover',
    feeds: 'extract',
    async *discover(site) {
      yield seedsOf('a');
      for (let group = 0; group < 50; group += 1) {
        try {
          await site.http.json({ path: `/group/${group}` });
        } catch (error) {
          site.report(error, `group ${group}`);
        }
      }
    },
  };
  const groups = Object.fromEntries(Array.from({ length: 50 }, (_, group) => [`/group/${group}`, 403]));
  const site = await toySite([], groups);
  const result = await runToy(site, { platform: toyPlatform([stubborn, extract]) });
  expect(result).toMatchObject({ status: 'failed', stopped: { kind: 'blocked', step: 'discover' } });
  expect(result.failures).toHaveLength(3);
  expect(result.steps.map((step) => step.status)).toEqual(['failed', 'skipped']);
  expect(site.asked).toHaveLength(3);
});

test('a site that is not there is given up after as many tries', async () => {
  const context = memoryContext({ skip: ['discover'], items: seedsOf(...keys) });
  const result = await runToy(`http://127.0.0.1:${await closedPort()}`, { context });
  expect(result).toMatchObject({ status: 'failed', stopped: { kind: 'unreachable' } });
  expect(result.steps[1]).toMatchObject({ itemsFailed: 3, counts: { requests: 9, retries: 6 } });
});

test('a failure that came from elsewhere does not stop anything', async () => {
  const work: Step = {
    kind: 'items',
    name: 'extract',
    work: () => Promise.reject(new ScrapeError('drifted', '"odds" is missing')),
  };
  const context = memoryContext({ items: seedsOf(...keys) });
  const result = await runToy('http://toy.invalid', { platform: toyPlatform([work]), context });
  expect(result).toMatchObject({ status: 'failed', stopped: null });
  expect(result.steps[0]).toMatchObject({ itemsFailed: 8 });
});

test('once the site is left alone no item is begun', async () => {
  const begun: string[] = [];
  const work: Step = {
    kind: 'items',
    name: 'extract',
    async work(item) {
      begun.push(item.key);
      throw new ScrapeError('blocked', 'status 403');
    },
  };
  const context = memoryContext({ items: seedsOf(...keys) });
  await runToy('http://toy.invalid', { platform: toyPlatform([work]), context });
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('a probe asks for one item, and for no other when that fails', async () => {
  const probe = async (behaviours: Record<string, Behaviour>) => {
    const site = await toySite([], behaviours);
    const platform = toyPlatform(undefined, { concurrency: 4 });
    const context = memoryContext({ skip: ['discover'], items: seedsOf(...keys) });
    const result = await runToy(site, { platform, context, probe: true });
    return { result, asked: new Set(site.asked) };
  };
  const broken = await probe({ '/item/a': 400 });
  expect(broken.asked).toEqual(new Set(['GET /item/a']));
  expect(broken.result).toMatchObject({
    status: 'failed',
    stopped: null,
    steps: [{}, { itemsFailed: 1, itemsDone: 0 }],
  });
  const works = await probe({ '/item/b': 400 });
  expect(works.asked.size).toBe(keys.length);
  expect(works.result.steps[1]).toMatchObject({ itemsFailed: 1, itemsDone: 7 });
});
