import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createHtmlParser, type HtmlLimits, type HtmlParser, parseHtml } from '#scraper/html.ts';
import { failureOf } from './open-http.ts';
import * as readers from './page-readers.ts';

function openParser(limits: Partial<HtmlLimits> = {}): HtmlParser {
  const parser = createHtmlParser({ threads: 1, ...limits });
  onTestFinished(() => parser[Symbol.asyncDispose]());
  return parser;
}

const honest = '<!doctype html><title>A &amp; B</title><ul><li>one<li>two</ul>';

test('a page is read in a thread, and plain data comes back', async () => {
  const parser = openParser();
  expect(await parser.parse({ html: honest, extractor: readers.title })).toEqual({ title: 'A & B' });
  expect(await parser.parse({ html: honest, extractor: readers.part })).toEqual(['one', 'two']);
});

test('platforms share their threads', async () => {
  expect(await parseHtml({ html: honest, extractor: readers.title })).toEqual({ title: 'A & B' });
});

test('pages come back in the order they were given, whatever the number of threads', async () => {
  const parser = openParser({ threads: 2 });
  const pages = Array.from({ length: 30 }, (_, index) => `<title>${index}</title>`);
  const read = await Promise.all(pages.map((html) => parser.parse({ html, extractor: readers.title })));
  expect(read.map((page) => page.title)).toEqual(pages.map((_, index) => String(index)));
});

/** How often a timer of 20 ms came round while something was going on. */
async function beatsDuring(work: () => Promise<unknown>): Promise<number> {
  let beats = 0;
  const ticker = setInterval(() => (beats += 1), 20);
  await work();
  clearInterval(ticker);
  return beats;
}

test('a page that takes too long ends after its time, and the process goes on meanwhile', async () => {
  const parser = openParser();
  await parser.parse({ html: honest, extractor: readers.title });
  const beats = await beatsDuring(async () => {
    const failure = await failureOf(parser.parse({ html: honest, extractor: readers.endless, budgetMs: 1000 }));
    expect([failure.kind, failure.message]).toEqual(['too_large', 'a page that took more than 1000 ms to read']);
  });
  expect(beats).toBeGreaterThan(10);
  expect(await parser.parse({ html: honest, extractor: readers.title })).toEqual({ title: 'A & B' });
});

test('a page that needs too much memory ends its thread, and the next page gets another', async () => {
  const parser = openParser({ heapMb: 48 });
  const failure = await failureOf(parser.parse({ html: honest, extractor: readers.hungry, budgetMs: 60_000 }));
  expect([failure.kind, failure.message]).toEqual(['too_large', 'a page that needs more memory than pages may have']);
  expect(await parser.parse({ html: honest, extractor: readers.title })).toEqual({ title: 'A & B' });
});

test.each([
  ['5,000 nested elements', `${'<div>'.repeat(5_000)}x`, readers.text, 'elements more than 500 deep'],
  ['20,000 nested elements', `${'<div>'.repeat(20_000)}x`, readers.text, 'elements more than 500 deep'],
  [
    '50,000 attributes on one element',
    `<div ${Array.from({ length: 50_000 }, (_, index) => `a${index}=1`).join(' ')}>`,
    readers.text,
    'an element with more than 500 attributes',
  ],
  ['millions of elements', '<i></i>'.repeat(1_400_000), readers.text, 'a page of more than 200000 elements'],
  ['millions of comments', '<!---->'.repeat(1_400_000), readers.text, 'a page of more than 200000 elements'],
] as const)('a hostile page is refused while it is being loaded: %s', async (_, html, extractor, detail) => {
  const failure = await failureOf(openParser().parse({ html, extractor, budgetMs: 60_000 }));
  expect([failure.kind, failure.message]).toEqual(['too_large', detail]);
});

test('an expression that goes back and forth over a page ends after its time', async () => {
  const html = `${' '.repeat(80_000)}x`;
  const failure = await failureOf(openParser().parse({ html, extractor: readers.trimmed, budgetMs: 500 }));
  expect([failure.kind, failure.message]).toEqual(['too_large', 'a page that took more than 500 ms to read']);
});

test('a list of 5 MB that is slow to read ends after its time, and the process goes on meanwhile', async () => {
  const parser = openParser();
  const html = `<body>${`<div class="game"><b class="name">A - B</b><i>1.85</i>${'x'.repeat(60)}</div>`.repeat(40_000)}`;
  const beats = await beatsDuring(async () => {
    const failure = await failureOf(parser.parse({ html, extractor: readers.games, budgetMs: 1000 }));
    expect([failure.kind, failure.message]).toEqual(['too_large', 'a page that took more than 1000 ms to read']);
  });
  expect(beats).toBeGreaterThan(10);
});

test('a page longer than pages may be is not even handed over', async () => {
  const failure = await failureOf(openParser({ characters: 10 }).parse({ html: honest, extractor: readers.title }));
  expect([failure.kind, failure.message]).toEqual(['too_large', 'a page of more than 10 characters']);
});

test('what a reader makes of a page comes back as the failure it is', async () => {
  const failure = await failureOf(openParser().parse({ html: honest, extractor: readers.refused }));
  expect(failure).toMatchObject({ kind: 'drifted', message: '"price" is missing', until: new Date(0) });
});

test('a mistake in a reader is a mistake of ours, with the place where it happened', async () => {
  const parser = openParser();
  const error = await parser.parse({ html: honest, extractor: readers.broken }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TypeError);
  expect((error as Error).stack).toContain('page-readers.ts');
  await expect(parser.parse({ html: honest, extractor: readers.uncloneable })).rejects.toThrow(/could not be cloned/);
  await expect(parser.parse({ html: honest, extractor: readers.leaving })).rejects.toThrow(/ended by itself/);
  await expect(parser.parse({ html: honest, extractor: { ...readers.title, name: 'nothing' } })).rejects.toThrow(
    /exports no function nothing/,
  );
  expect(await parser.parse({ html: honest, extractor: readers.title })).toEqual({ title: 'A & B' });
});

test('a reader sees nothing of the environment', async () => {
  expect(await openParser().parse({ html: honest, extractor: readers.surroundings })).toEqual([]);
});

test('aborting ends a page at once, under way or waiting, with the reason given', async () => {
  const parser = openParser();
  const giving = new AbortController();
  const reason = new Error('the lease is lost');
  const both = [1, 2].map(() =>
    parser.parse({ html: honest, extractor: readers.endless, budgetMs: 60_000, signal: giving.signal }),
  );
  const after = parser.parse({ html: honest, extractor: readers.title });
  giving.abort(reason);
  expect(await Promise.allSettled(both)).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ]);
  expect(await after).toEqual({ title: 'A & B' });
  await expect(parser.parse({ html: honest, extractor: readers.title, signal: giving.signal })).rejects.toBe(reason);
});

test('one thread reads page after page, ends when there is no work, and is followed by another', async () => {
  const patient = openParser();
  const first = await patient.parse({ html: honest, extractor: readers.place });
  expect(await patient.parse({ html: honest, extractor: readers.place })).toBe(first);

  const parser = openParser({ idleMs: 1 });
  const second = await parser.parse({ html: honest, extractor: readers.place });
  await expect.poll(() => parser.parse({ html: honest, extractor: readers.place })).not.toBe(second);
});

test('a thread without work keeps no process alive', async () => {
  const module = new URL('./page-readers.ts', import.meta.url).href;
  const program = `
    import { createHtmlParser } from '#scraper/html.ts';
    const parser = createHtmlParser({ idleMs: 2 ** 30 });
    console.log(await parser.parse({ html: '<title>A', extractor: { module: '${module}', name: 'readTitle' } }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout).toBe("{ title: 'A' }\n");
});

test('where a page no longer fits comes back with its place, so that it can be counted over many pages', async () => {
  const refusal = await failureOf(openParser().parse({ html: honest, extractor: readers.changed }));
  expect(refusal).toMatchObject({ kind: 'drifted', drift: { path: 'items[].price', count: 2, of: 3 } });
});
