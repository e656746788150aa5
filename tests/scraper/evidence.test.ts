import { expect, test } from 'vitest';
import { ScrapeError } from '#scraper/errors.ts';
import { evidenceOf, evidenceText } from '#scraper/evidence.ts';
import type { Site, Step } from '#scraper/platform.ts';
import { memoryContext, seedsOf } from '../helpers/memory-context.ts';
import { discovering, record, runToy, toyPlatform, toySite, toySteps } from './toy-platform.ts';

/** Reads items whose answers say what is wrong with them. */
const reading: Step = {
  kind: 'items',
  name: 'extract',
  async work({ key }, site: Site) {
    const { text } = await site.http.text({ path: `/item/${key}` });
    if (text.includes('drifted')) throw new ScrapeError('drifted', 'price is missing');
    if (text.includes('incomplete')) site.keepAnswer();
    return [record(key)];
  },
};

const says = (text: string) => (response: { end(text: string): void }) => response.end(text);

test('the answer of an item that failed is kept with its reason, and so is one in which something is missing', async () => {
  const site = await toySite([], {
    '/item/a': says('<p>drifted</p> "nonce":"5f3a9c"'),
    '/item/b': says('incomplete'),
    '/item/c': says('all well'),
  });
  const context = memoryContext({ skip: ['discover'], items: seedsOf('a', 'b', 'c') });
  await runToy(site, { platform: toyPlatform([reading], { concurrency: 3 }), context });
  const kept = context.evidence.toSorted((one, other) => `${one.itemKey}`.localeCompare(`${other.itemKey}`));
  expect(kept).toMatchObject([
    { step: 'extract', itemKey: 'a', why: 'drifted', url: `${site.url}/item/a` },
    { step: 'extract', itemKey: 'b', why: 'incomplete', url: `${site.url}/item/b` },
  ]);
  expect(await evidenceText(kept[0]!.body)).toBe('<p>drifted</p> "nonce":"…"');
});

test('what cannot be parsed is kept as well', async () => {
  const parsing: Step = { ...reading, work: async (_, site) => [(await site.http.json({ path: '/x' })) as never] };
  const site = await toySite([], { '/x': says('<!doctype html><title>Maintenance</title>') });
  const context = memoryContext({ items: seedsOf('a') });
  await runToy(site, { platform: toyPlatform([parsing]), context });
  expect(context.evidence).toMatchObject([{ why: 'blocked', bytes: 41 }]);
});

test('an item that is gone, or was never answered, leaves nothing to keep', async () => {
  const site = await toySite([], { '/item/a': 404, '/item/b': 503 });
  const context = memoryContext({ items: seedsOf('a', 'b') });
  await runToy(site, { platform: toyPlatform([reading]), context });
  expect(context.results.size).toBe(2);
  expect(context.evidence).toEqual([]);
});

test('a list that drifted is kept', async () => {
  const listing = discovering(async function* (site) {
    yield [];
    await site.http.text({ path: '/list' });
    throw new ScrapeError('drifted', 'items is missing');
  });
  const context = memoryContext();
  await runToy(await toySite(['a']), { platform: toyPlatform([listing, toySteps[1]!]), context });
  expect(context.evidence).toMatchObject([{ step: 'discover', itemKey: null, why: 'drifted' }]);
});

test('when everything drifted, the first twenty tell enough', async () => {
  const keys = Array.from({ length: 25 }, (_, index) => `${index}`);
  const site = await toySite([], Object.fromEntries(keys.map((key) => [`/item/${key}`, says('drifted')])));
  const context = memoryContext({ items: seedsOf(...keys) });
  await runToy(site, { platform: toyPlatform([reading]), context });
  expect(context.failures).toHaveLength(25);
  expect(context.evidence).toHaveLength(20);
});

test('of an endless answer the first two megabytes are kept', async () => {
  const answer = { status: 200, url: 'http://toy.invalid/', text: 'ü'.repeat(3_000_000) };
  const { bytes, body } = await evidenceOf(answer, { step: 'x', itemKey: null, why: 'drifted', at: new Date(0) });
  expect(bytes).toBe(2_000_000);
  expect(await evidenceText(body)).toBe('ü'.repeat(1_000_000));
});
