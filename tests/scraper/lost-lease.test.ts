import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ItemStep, Step } from '#scraper/platform.ts';
import { memoryContext, seedsOf } from '../helpers/memory-context.ts';
import { type Behaviour, runToy, toyPlatform, toySite, toySteps } from './toy-platform.ts';

const keys = ['a', 'b', 'c', 'd'];
const forever: ItemStep = { kind: 'items', name: 'extract', work: () => new Promise(() => {}) };

test('an aborted attempt ends at once with the reason, and stores nothing after it', async () => {
  const context = memoryContext();
  const reason = new Error('the lease is lost');
  const site = await toySite(keys, { '/item/c': () => context.abort(reason) });
  await expect(runToy(site, { context, batch: { items: 100, ms: 60_000 } })).rejects.toBe(reason);
  await turn();
  expect(context.calls.at(-1)).toBe('stepStarted extract');
  expect(site.asked).toEqual(['GET /list', 'GET /item/a', 'GET /item/b', 'GET /item/c']);
});

test('it ends although the platform sits in something that knows no signal', async () => {
  const context = memoryContext({ items: seedsOf('a') });
  const reason = new Error('the lease is lost');
  const sitting: Step = { ...forever, work: (item, site) => (context.abort(reason), forever.work(item, site)) };
  const running = runToy('http://toy.invalid', { context, platform: toyPlatform([sitting]) });
  await expect(running).rejects.toBe(reason);
});

test('an attempt aborted before it began does nothing', async () => {
  const context = memoryContext();
  context.abort(new Error('too late'));
  await expect(runToy('http://toy.invalid', { context })).rejects.toThrow('too late');
  expect(context.calls).toEqual([]);
});

test('a discovery under way is ended as well', async () => {
  const context = memoryContext();
  const site = await toySite([], { '/list': () => context.abort(new Error('the lease is lost')) });
  await expect(runToy(site, { context })).rejects.toThrow('the lease is lost');
  expect(context.calls).toEqual(['stepStarted discover']);
});

test.each(['stepStarted', 'seed', 'pending', 'settle', 'failed', 'stepFinished'] as const)(
  'an error of %s ends the attempt with that very error, and nothing is called after it',
  async (failing) => {
    const context = memoryContext();
    const lost = new Error('0 rows');
    context.before = (method) => {
      if (method === failing) throw lost;
    };
    const site = await toySite(keys, { '/item/b': 400 });
    const errors: unknown[] = [];
    const running = runToy(site, { context, errors, batch: { items: 1, ms: 1 } });
    await expect(running).rejects.toBe(lost);
    const calls = context.calls.length;
    await turn();
    expect(context.calls).toHaveLength(calls);
    expect(context.calls.at(-1)).toMatch(new RegExp(`^${failing}`));
    expect(errors).toEqual([]);
  },
);

test('a store that fails while others are under way ends them too', async () => {
  const context = memoryContext({ skip: ['discover'], items: seedsOf(...keys) });
  const lost = new Error('0 rows');
  context.before = (method) => {
    if (method === 'settle') throw lost;
  };
  let underWay = 0;
  let cut = 0;
  const { promise: bothAsked, resolve } = Promise.withResolvers<void>();
  const hang: Behaviour = (response) => {
    response.on('close', () => (cut += 1));
    if ((underWay += 1) === 2) resolve();
  };
  const site = await toySite([], {
    '/item/a': (response) => void bothAsked.then(() => response.end()),
    '/item/b': hang,
    '/item/c': hang,
  });
  const platform = toyPlatform(toySteps, { concurrency: 3 });
  await expect(runToy(site, { context, platform, batch: { items: 1, ms: 60_000 } })).rejects.toBe(lost);
  await expect.poll(() => cut).toBe(2);
});

test('an abort while results are being stored begins no further item', async () => {
  const begun: string[] = [];
  const work: Step = { kind: 'items', name: 'extract', work: async (item) => (begun.push(item.key), []) };
  const context = memoryContext({ items: seedsOf(...keys) });
  context.before = (method) => {
    if (method === 'settle') context.abort(new Error('lost'));
  };
  const running = runToy('http://toy.invalid', {
    context,
    platform: toyPlatform([work]),
    batch: { items: 1, ms: 60_000 },
  });
  await expect(running).rejects.toThrow('lost');
  await turn();
  expect(begun).toEqual(['a']);
});

test('an abort while the last results are being stored reports no step', async () => {
  const context = memoryContext({ skip: ['discover'], items: seedsOf('a', 'b') });
  context.before = (method) => {
    if (method === 'settle') context.abort(new Error('lost'));
  };
  const site = await toySite([], { '/item/b': 400 });
  await expect(runToy(site, { context, batch: { items: 100, ms: 60_000 } })).rejects.toThrow('lost');
  await turn();
  expect(context.calls.at(-1)).toBe('settle extract');
});

test('nothing is left behind that keeps the process alive', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const context = memoryContext();
  const site = await toySite(keys, { '/item/b': 400, '/item/c': () => context.abort(new Error('lost')) });
  await expect(runToy(site, { context })).rejects.toThrow('lost');
  await site[Symbol.asyncDispose]();
  await turn();
  const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  expect(after).toBeLessThanOrEqual(before);
});
