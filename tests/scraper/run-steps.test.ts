import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Step } from '#scraper/platform.ts';
import { memoryContext, seedsOf } from '../helpers/memory-context.ts';
import { discovering, record, runToy, toyPlatform, toySite, toySteps } from './toy-platform.ts';

const extract = toySteps[1]!;

test('steps run in order, each is announced and reported, and all records are stored', async () => {
  const site = await toySite(['a', 'b', 'c']);
  const context = memoryContext();
  const result = await runToy(site, { context });
  expect(result).toMatchObject({ status: 'completed', failures: [], stopped: null });
  expect(result.steps).toEqual(context.steps);
  expect(context.steps).toEqual([
    {
      name: 'discover',
      status: 'success',
      itemsTotal: 3,
      itemsDone: 3,
      itemsFailed: 0,
      failure: null,
      counts: { added: 3, kept: 0, known: 0, requests: 1, retries: 0 },
    },
    {
      name: 'extract',
      status: 'success',
      itemsTotal: 3,
      itemsDone: 3,
      itemsFailed: 0,
      failure: null,
      counts: { requests: 3, retries: 0 },
    },
  ]);
  expect(context.calls).toEqual([
    'stepStarted discover',
    'seed extract',
    'stepFinished discover',
    'pending extract',
    'stepStarted extract',
    'settle extract',
    'stepFinished extract',
  ]);
  expect(context.results.get('b')).toEqual({ key: 'b', outcome: 'done', records: [record('b')] });
});

test('items are worked on in the order of their priority', async () => {
  const site = await toySite([]);
  const items = seedsOf('first', 'second', 'third').toReversed();
  await runToy(site, { context: memoryContext({ skip: ['discover'], items }) });
  expect(site.asked).toEqual(['GET /item/first', 'GET /item/second', 'GET /item/third']);
});

test('as many items as the pace allows are worked on at once, and no more', async () => {
  let underWay = 0;
  let most = 0;
  const work: Step = {
    kind: 'items',
    name: 'extract',
    async work() {
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
      return [];
    },
  };
  const keys = Array.from({ length: 20 }, (_, index) => `${index}`);
  const platform = toyPlatform([work], { concurrency: 4 });
  await runToy('http://toy.invalid', { platform, context: memoryContext({ items: seedsOf(...keys) }) });
  expect(most).toBe(4);
});

test('results are stored in batches while the step goes on', async () => {
  const keys = Array.from({ length: 50 }, (_, index) => `${index}`);
  const context = memoryContext();
  await runToy(await toySite(keys), { context, batch: { items: 20, ms: 60_000 } });
  expect(context.batches).toEqual([20, 20, 10]);
});

test('nobody waits for one batch to be stored; when another one is full, the site waits for both', async () => {
  const keys = Array.from({ length: 30 }, (_, index) => `${index}`);
  const context = memoryContext();
  const { promise: stored, resolve } = Promise.withResolvers<void>();
  context.before = (method) => (method === 'settle' ? stored : undefined);
  const site = await toySite(keys);
  const running = runToy(site, { context, batch: { items: 10, ms: 60_000 } });
  const listAndTwoBatches = 1 + 20;
  await expect.poll(() => site.asked.length).toBe(listAndTwoBatches);
  await sleep(50);
  expect(site.asked).toHaveLength(listAndTwoBatches);
  resolve();
  expect(await running).toMatchObject({ status: 'completed' });
  expect(context.batches).toEqual([10, 10, 10]);
});

test('a slow step shows its progress before a batch is full', async () => {
  const context = memoryContext();
  const { promise: stored, resolve } = Promise.withResolvers<void>();
  context.before = (method) => {
    if (method === 'settle') resolve();
  };
  const site = await toySite(['a', 'b'], { '/item/b': (response) => void stored.then(() => response.end()) });
  const result = await runToy(site, { context, batch: { items: 20, ms: 5 } });
  expect(result.status).toBe('completed');
  expect(context.batches).toEqual([1, 1]);
});

test('an item that fails is kept as failed with its reason, and the others go on', async () => {
  const site = await toySite(['a', 'b', 'c'], { '/item/b': 400 });
  const context = memoryContext();
  const result = await runToy(site, { context });
  const failure = {
    kind: 'api_error',
    headline: 'toy answered with an error of its own',
    detail: 'GET /item/b: status 400',
    retryable: true,
    step: 'extract',
    itemKey: 'b',
    until: null,
    fingerprint: null,
  };
  expect(result).toMatchObject({ status: 'partial', failures: [failure], stopped: null });
  expect(result.steps[1]).toMatchObject({ status: 'failed', itemsTotal: 3, itemsDone: 2, itemsFailed: 1, failure });
  expect(context.results.get('b')).toEqual({ key: 'b', outcome: 'failed', failure });
  expect(context.failures).toEqual([failure]);
});

test('an item the site no longer has is gone, which is an answer and no failure', async () => {
  const context = memoryContext();
  const result = await runToy(await toySite(['a', 'b'], { '/item/b': 404 }), { context });
  expect(result).toMatchObject({ status: 'completed', failures: [] });
  expect(result.steps[1]).toMatchObject({ itemsDone: 2, itemsFailed: 0, counts: { gone: 1 } });
  expect(context.results.get('b')).toMatchObject({ outcome: 'gone', failure: { kind: 'not_found' } });
});

test("a programmer's error is internal: its text goes to the log and nowhere else", async () => {
  const broken = new TypeError('cannot read SECRET of undefined');
  const work: Step = { kind: 'items', name: 'extract', work: () => Promise.reject(broken) };
  const context = memoryContext({ items: seedsOf('a') });
  const errors: unknown[] = [];
  const result = await runToy('http://toy.invalid', { platform: toyPlatform([work]), context, errors });
  expect(errors).toEqual([broken]);
  expect(result).toMatchObject({ status: 'failed', failures: [{ kind: 'internal', detail: 'see the log' }] });
  expect(JSON.stringify([result, context.failures, [...context.results]])).not.toContain('SECRET');
});

test('the failure of a step is the first of its most frequent kind', async () => {
  const site = await toySite(['a', 'b', 'c', 'd'], { '/item/a': 500, '/item/b': 400, '/item/c': 418 });
  const result = await runToy(site, { platform: toyPlatform(toySteps, { stopAfter: 9 }) });
  expect(result.steps[1]!.failure).toMatchObject({ kind: 'api_error', itemKey: 'b' });
});

test('failures are capped, but their numbers are complete and the one that stopped it is there', async () => {
  const keys = Array.from({ length: 80 }, (_, index) => `${index}`);
  const bad = Object.fromEntries(keys.map((key, index) => [`/item/${key}`, index < 70 ? 400 : 403]));
  const context = memoryContext();
  const result = await runToy(await toySite(keys, bad), { context });
  expect(result.failures).toHaveLength(51);
  expect(result.failures.at(-1)).toBe(result.stopped);
  expect(context.failures).toEqual(result.failures);
  expect(result.steps[1]).toMatchObject({ itemsTotal: 80, itemsDone: 0, itemsFailed: 73 });
});

test('counters of the platform stand beside the requests and quick retries of the step', async () => {
  const counting = discovering(async function* (site) {
    site.count('unknownMarket', 2);
    site.count('unknownMarket');
    yield seedsOf('a');
  });
  let times = 0;
  const site = await toySite([], {
    '/item/a': (response) => void response.writeHead((times += 1) < 2 ? 503 : 200).end(),
  });
  const result = await runToy(site, { platform: toyPlatform([counting, extract]) });
  expect(result.steps.map((step) => step.counts)).toEqual([
    { unknownMarket: 3, added: 1, kept: 0, known: 0, requests: 0, retries: 0 },
    { requests: 2, retries: 1 },
  ]);
});

test('steps whose work is still good are skipped, and only what is missing is asked for', async () => {
  const site = await toySite(['x']);
  const context = memoryContext({ skip: ['discover'], items: seedsOf('missing') });
  const result = await runToy(site, { context });
  expect(result.status).toBe('completed');
  expect(result.steps.map((step) => step.status)).toEqual(['skipped', 'success']);
  expect(context.calls).not.toContain('stepStarted discover');
  expect(site.asked).toEqual(['GET /item/missing']);
});
