/** Makes every page of the site anew, on several threads, and takes away what belongs to none. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { openHistory } from '#db/history.ts';
import { archiveStep, buildLive, type BuilderParts } from './builder.ts';
import type { Content } from './map.ts';
import { readMap } from './map.ts';
import { PageError } from './page-error.ts';
import { loadRenderer, prepareRenderer, readAssets } from './renderer.ts';
import type { Opening } from './process.ts';
import { readWhole, swap, sweep } from './store.ts';

/** A part of the archive for one thread, and what it made. */
export interface Range {
  opening: Opening;
  generatedAt: string;
  first: number;
  last: number;
}
export type Made = { kind: 'made'; contents: [string, Content][] } | { kind: 'failed'; reason: string };

const program = new URL('rebuild-thread.ts', import.meta.url);
/** More threads than this would wait for the database. */
const THREADS = 4;
const HEAP_MB = 160;

/** The moment the page tells of is `now`: the same history at the same moment gives the same bytes. */
export async function rebuild(opening: Opening, now: Date, signal?: AbortSignal): Promise<void> {
  const renderer = await prepareRenderer(opening.rendererDir, signal);
  const parts: BuilderParts = {
    ...opening,
    edition: renderer.edition,
    render: await loadRenderer(renderer),
    assets: await readAssets(renderer),
  };
  const before = new Set((await readWhole(opening.statusDir)).keys());
  const live = await buildLive(parts, [], now, { anew: true });
  for (const path of live.made) before.delete(path);
  const threads = Array.from(
    { length: Math.min(THREADS, availableParallelism()) },
    () =>
      new Worker(program, {
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      }),
  );
  try {
    for (;;) {
      const map = await readMap(opening.statusDir);
      if (map?.archive == null || map.edition !== parts.edition) break;
      // Nobody else changes the folder from the reading of a page to its showing.
      await using history = await openHistory(opening.databaseUrl, { alone: `rescrape page ${opening.statusDir}` });
      await history.frontier();
      const made = new Map<string, Content>();
      const { until } = map.archive;
      let { next } = map.archive;
      const rounds = threads.map(async (thread) => {
        if (next < until) return;
        const [first, last] = [archiveStep(next, until), next];
        next = first - 1;
        for (const [path, content] of await rangeOf(thread, { opening, generatedAt: map.generatedAt, first, last })) {
          made.set(path, content);
        }
      });
      await Promise.all(rounds);
      for (const path of made.keys()) before.delete(path);
      await swap(opening.statusDir, { ...map, archive: next < until ? null : { next, until } }, made);
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
  await using alone = await openHistory(opening.databaseUrl, { alone: `rescrape page ${opening.statusDir}` });
  const map = await readMap(opening.statusDir);
  await alone.frontier();
  if (map !== null) await swap(opening.statusDir, map, new Map([...before].map((path) => [path, null])));
  await sweep(opening.statusDir);
}

function rangeOf(thread: Worker, range: Range): Promise<[string, Content][]> {
  return new Promise((resolve, reject) => {
    const onMade = (made: Made) => {
      thread.off('error', onError);
      if (made.kind === 'made') resolve(made.contents);
      else reject(new PageError(made.reason));
    };
    const onError = (error: unknown) => {
      thread.off('message', onMade);
      reject(new PageError(error instanceof Error ? error.name : 'a thread ended'));
    };
    thread.once('message', onMade).once('error', onError);
    thread.postMessage(range);
  });
}
