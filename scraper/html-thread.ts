/** The parser thread: takes a page, reads it with the reader named, and answers with plain data. */
import { parentPort } from 'node:worker_threads';
import type { Drift } from './drift.ts';
import { type FailureKind, ScrapeError } from './errors.ts';
import { htmlPage, type HtmlPage } from './html-page.ts';

/** One page and who is to read it. */
export interface ThreadTask {
  html: string;
  module: string;
  name: string;
}

/** `reading`: the reader is loaded, its time begins. `refused` is a ScrapeError in parts, `broken` any other error. */
export type ThreadAnswer =
  | { kind: 'reading' }
  | { kind: 'done'; data: unknown }
  | { kind: 'refused'; failure: FailureKind; detail: string; until?: Date; drift?: Drift }
  | { kind: 'broken'; error: unknown };

/** By module and name: the loader is asked once, not for each page. */
const readers = new Map<string, (page: HtmlPage) => unknown>();

parentPort?.on('message', (task: ThreadTask) => void work(task));

async function work({ html, module, name }: ThreadTask): Promise<void> {
  try {
    const reader = readers.get(`${module} ${name}`) ?? (await load(module, name));
    answer({ kind: 'reading' });
    answer({ kind: 'done', data: await reader(htmlPage(html)) });
  } catch (error) {
    answer(failed(error));
  }
}

async function load(module: string, name: string): Promise<(page: HtmlPage) => unknown> {
  const exported = (await import(module)) as Record<string, (page: HtmlPage) => unknown>;
  const reader = exported[name];
  if (typeof reader !== 'function') throw new TypeError(`${module} exports no function ${name}`);
  readers.set(`${module} ${name}`, reader);
  return reader;
}

function failed(error: unknown): ThreadAnswer {
  if (error instanceof ScrapeError) {
    const { kind: failure, message: detail, until, drift } = error;
    return { kind: 'refused', failure, detail, until: until ?? undefined, drift: drift ?? undefined };
  }
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return { kind: 'refused', failure: 'too_large', detail: 'a page nested too deep to be read' };
  }
  return { kind: 'broken', error };
}

function answer(message: ThreadAnswer): void {
  parentPort?.postMessage(message);
}
