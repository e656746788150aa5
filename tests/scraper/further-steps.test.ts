import { expect, test } from 'vitest';
import type { ItemStep, Step } from '#scraper/platform.ts';
import { memoryContext, seedsOf } from '../helpers/memory-context.ts';
import { record, runToy, toyPlatform, toySite, toySteps } from './toy-platform.ts';

const [discover, extract] = toySteps as [Step, ItemStep];

/** Every item has two pictures. */
const feeding: ItemStep = {
  ...extract,
  feeds: {
    step: 'images',
    items: (one) => (one.kind === 'odds' ? seedsOf(`${one.eventId}-1`, `${one.eventId}-2`) : []),
  },
};
const images: ItemStep = {
  kind: 'items',
  name: 'images',
  async work(item, site) {
    await site.http.text({ path: `/image/${item.key}` });
    return [];
  },
};
const platform = toyPlatform([discover, feeding, images]);

test('a later step works on what the records of an earlier one gave it', async () => {
  const site = await toySite(['a', 'b']);
  const context = memoryContext();
  const result = await runToy(site, { platform, context });
  expect(result.status).toBe('completed');
  expect(result.steps.map(({ name, itemsDone }) => [name, itemsDone])).toEqual([
    ['discover', 2],
    ['extract', 2],
    ['images', 4],
  ]);
  expect(context.results.get('a')).toEqual({
    key: 'a',
    outcome: 'done',
    records: [record('a')],
    fed: { step: 'images', seeds: seedsOf('a-1', 'a-2') },
  });
  expect(site.asked.slice(3)).toEqual(['a-1', 'b-1', 'a-2', 'b-2'].map((key) => `GET /image/${key}`));
});

test('a later step that breaks costs nothing of an earlier one', async () => {
  const site = await toySite(['a'], { '/image/a-1': 400, '/image/a-2': 400 });
  const context = memoryContext();
  const result = await runToy(site, { platform, context });
  expect(result).toMatchObject({ status: 'partial', stopped: null });
  expect(result.steps.map(({ status }) => status)).toEqual(['success', 'success', 'failed']);
  expect(context.records).toEqual([record('a')]);
});

test('what an earlier step delivered before it broke is taken further', async () => {
  const site = await toySite(['a', 'b'], { '/item/b': 400 });
  const result = await runToy(site, { platform });
  expect(result.steps.map(({ status, itemsDone }) => [status, itemsDone])).toEqual([
    ['success', 2],
    ['failed', 1],
    ['success', 2],
  ]);
});

test('when only a later step has something left, nothing else is asked for or reported as run', async () => {
  const site = await toySite(['a']);
  const context = memoryContext({ skip: ['discover'] });
  context.items.set('a-2', { key: 'a-2', priority: 0, payload: {}, step: 'images', attempts: 1 });
  const result = await runToy(site, { platform, context });
  expect(result.status).toBe('completed');
  expect(result.steps.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'success']);
  expect(site.asked).toEqual(['GET /image/a-2']);
});

test('when nothing came to any step, none of them is run', async () => {
  const result = await runToy(await toySite([], { '/list': 500 }), { platform });
  expect(result.steps.map(({ status }) => status)).toEqual(['failed', 'skipped', 'skipped']);
});

test('a site that is left alone is left alone by later steps too', async () => {
  const site = await toySite(['a', 'b', 'c', 'd'], { '/item/b': 403, '/item/c': 403, '/item/d': 403 });
  const result = await runToy(site, { platform });
  expect(result).toMatchObject({ status: 'partial', stopped: { kind: 'blocked' } });
  expect(result.steps.map(({ status }) => status)).toEqual(['success', 'failed', 'skipped']);
});
