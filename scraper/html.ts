/** Reading HTML without standing still: pages are parsed in a thread, within a time, a memory and a size. */
import { availableParallelism } from 'node:os';
import { ScrapeError } from './errors.ts';
import type { HtmlPage } from './html-page.ts';
import { createHtmlThreads } from './html-threads.ts';

export type { HtmlPage } from './html-page.ts';

/** Takes from a page what is wanted, as plain data. It runs in the thread and sees nothing but the page. */
export type PageReader<Data> = (page: HtmlPage) => Data | Promise<Data>;

/** Where a reader can be found by the thread: functions do not cross threads, names of modules do. */
export interface Extractor<Data> {
  /** `file:` address of the module. */
  module: string;
  /** What the module exports it as. */
  name: string;
  /** Only there to tell the compiler what comes back. */
  reader?: PageReader<Data>;
}

/** Names a reader for {@link parseHtml}, beside its definition: `export const listingPage = extractor(import.meta.url, readListing);` */
export function extractor<Data>(module: string, reader: PageReader<Data>): Extractor<Data> {
  return { module, name: reader.name };
}

/** One page to be read. */
export interface HtmlWork<Data> {
  html: string;
  extractor: Extractor<Data>;
  /** How long parsing and reading may take, milliseconds; {@link defaultHtmlLimits} say how long by default. */
  budgetMs?: number;
  /** Ends it at once, with its own reason. */
  signal?: AbortSignal;
}

/** What pages may cost. */
export interface HtmlLimits {
  /** Threads at once; each has a heap of its own. */
  threads: number;
  budgetMs: number;
  /** Heap of one thread, megabytes. */
  heapMb: number;
  /** Length of a page. */
  characters: number;
  /** A thread without work ends after this, milliseconds. */
  idleMs: number;
}

/** A large listing page (600 kB) takes some 20 ms and 15 MB. */
export const defaultHtmlLimits: HtmlLimits = {
  threads: availableParallelism() > 2 ? 2 : 1,
  budgetMs: 5_000,
  heapMb: 256,
  characters: 10_000_000,
  idleMs: 10_000,
};

/** Threads for pages; dispose of it to end them. */
export interface HtmlParser extends AsyncDisposable {
  parse<Data>(work: HtmlWork<Data>): Promise<Data>;
}

/** Threads of their own, for tests; everything else shares {@link parseHtml}. They start with the first page. */
export function createHtmlParser(limits: Partial<HtmlLimits> = {}): HtmlParser {
  const { budgetMs, characters, ...rest } = { ...defaultHtmlLimits, ...limits };
  const threads = createHtmlThreads(rest);
  return {
    async parse<Data>({ html, extractor: { module, name }, ...work }: HtmlWork<Data>): Promise<Data> {
      work.signal?.throwIfAborted();
      if (html.length > characters) throw new ScrapeError('too_large', `a page of more than ${characters} characters`);
      return (await threads.run({ html, module, name }, { budgetMs, ...work })) as Data;
    },
    [Symbol.asyncDispose]: threads.close,
  };
}

const shared = createHtmlParser();

/**
 * Reads a page in a thread. Throws `too_large` when the page takes more than its time or memory, or is nested deeper
 * than pages are; what the reader throws comes back as it was: a ScrapeError as one, anything else as an error of ours.
 */
export function parseHtml<Data>(work: HtmlWork<Data>): Promise<Data> {
  return shared.parse(work);
}
