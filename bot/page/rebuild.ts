/** Makes every page of the site anew, on several threads, and takes away what belongs to none. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { openHistory } from '#db/history.ts';
import { archiveStep, buildLive, type BuilderParts } from './builder.ts';
import type { Content } from './map.ts';
import { readMap } from './map.ts';
import { PageError } from './page-error.ts';
import { loadRenderer, prepareRenderer, readAssets, type Renderer } from './renderer.ts';
import type { Opening } from './process.ts';
import { readWhole, swap, sweep } from './store.ts';

/** A part of the archive for one thread, and what came of it. A thread is given its {@link Opening} at its start. */
export interface Range {
  generatedAt: string;
  first: number;
  last: number;
}
export type Made = { first: number } & (
  { kind: 'made'; contents: [string, Content][] } | { kind: 'failed'; reason: string }
);

const program = new URL('rebuild-thread.ts', import.meta.url);
/** More threads than this would wait for the database. */
const THREADS = 4;
/** Ranges that a thread has at once: while it renders one, the database finds what the next is made from. */
const RANGES_AT_ONCE = 2;
const HEAP_MB = 160;
/**
 * Rendering leaves much behind that is short-lived: with a large nursery it takes a tenth less time. A machine with little
 * memory to spare keeps to a small one.
 */
const YOUNG_MB = process.availableMemory() > 2 ** 30 ? 64 : 16;
/** So many steps of the archive are made before the publisher may have the folder again: some seconds. */
const STEPS_AT_ONCE = 24;

/** The moment the page tells of is `now`: the same history at the same moment gives the same bytes. */
export async function rebuild(opening: Opening, now: Date, signal?: AbortSignal): Promise<void> {
  const renderer = await prepareRenderer(opening.rendererDir, signal);
  // They get ready while the newest pages are made here.
  const threads = startThreads(opening);
  try {
    await rebuildWith(threads, renderer, opening, now);
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

async function rebuildWith(threads: readonly Worker[], renderer: Renderer, opening: Opening, now: Date): Promise<void> {
  const parts: BuilderParts = {
    ...opening,
    edition: renderer.edition,
    render: await loadRenderer(renderer),
    assets: await readAssets(renderer),
  };
  const before = new Set((await readWhole(opening.statusDir)).keys());
  const live = await buildLive(parts, [], now, { anew: true });
  for (const path of live.made) before.delete(path);
  while (await rebuildRound(parts, opening, threads, before));
  await using alone = await openHistory(opening.databaseUrl, { alone: `rescrape page ${opening.statusDir}` });
  const map = await readMap(opening.statusDir);
  await alone.frontier();
  if (map !== null) await swap(opening.statusDir, map, new Map([...before].map((path) => [path, null])));
  await sweep(opening.statusDir);
}

function startThreads(opening: Opening): Worker[] {
  const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB };
  return Array.from({ length: Math.min(THREADS, availableParallelism()) }, () =>
    // One that ends early is noticed by the first range it is given.
    new Worker(program, { resourceLimits, workerData: opening }).on('error', () => {}),
  );
}

/** Makes and shows the next pages of the archive; answers whether there may be more. */
async function rebuildRound(
  parts: BuilderParts,
  opening: Opening,
  threads: readonly Worker[],
  before: Set<string>,
): Promise<boolean> {
  const { statusDir } = opening;
  // Nobody else changes the folder from the reading of the map to the last page of the round.
  await using history = await openHistory(opening.databaseUrl, { alone: `rescrape page ${statusDir}` });
  await history.frontier();
  const map = await readMap(statusDir);
  if (map?.archive == null || map.edition !== parts.edition) return false;
  const { generatedAt, archive } = map;
  const ranges = stepsOf(archive);
  const last = ranges.at(-1)?.first ?? archive.until;
  let shown = Promise.resolve();
  const lanes = threads.flatMap((thread) => Array.from({ length: RANGES_AT_ONCE }, () => thread));
  const work = lanes.map(async (thread) => {
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
      const made = new Map(await rangeOf(thread, { generatedAt, ...range }));
      for (const path of made.keys()) before.delete(path);
      // Shown one after the other, while the threads go on.
      shown = shown.then(() => swap(statusDir, map, made)).then(() => {});
      // It is waited for below.
      shown.catch(() => {});
    }
  });
  try {
    await Promise.all(work);
  } finally {
    await shown;
  }
  await swap(statusDir, { ...map, archive: last <= archive.until ? null : { ...archive, next: last - 1 } }, new Map());
  return true;
}

/** The steps of one round, the newest first. */
function stepsOf({ next, until }: { next: number; until: number }): Pick<Range, 'first' | 'last'>[] {
  const steps: Pick<Range, 'first' | 'last'>[] = [];
  for (let last = next; last >= until && steps.length < STEPS_AT_ONCE; last = archiveStep(last, until) - 1) {
    steps.push({ first: archiveStep(last, until), last });
  }
  return steps;
}

function rangeOf(thread: Worker, range: Range): Promise<[string, Content][]> {
  return new Promise((resolve, reject) => {
    const onMade = (made: Made) => {
      if (made.first !== range.first) return;
      thread.off('error', onError).off('message', onMade);
      if (made.kind === 'made') resolve(made.contents);
      else reject(new PageError(made.reason));
    };
    const onError = (error: unknown) => {
      thread.off('message', onMade);
      reject(new PageError(error instanceof Error ? error.name : 'a thread ended'));
    };
    if (thread.threadId === -1) return onError(null);
    thread.on('message', onMade).once('error', onError);
    thread.postMessage(range);
  });
}
