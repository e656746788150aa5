/** A thread of a rebuild: makes the pages of one range of runs after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { History } from '#db/history.ts';
import { keepCompiled } from '../compiled.ts';
import type { Opening } from './process.ts';
import type { Made, Range } from './rebuild.ts';

keepCompiled();
const { openHistory } = await import('#db/history.ts');
const { Files, renderRange, siteOf } = await import('./builder.ts');
const { reasonOf } = await import('./page-error.ts');
const { loadRenderer, prepareRenderer } = await import('./renderer.ts');

const opening = workerData as Opening;
const loading = prepareRenderer(opening.rendererDir).then(loadRenderer);
// It is waited for with the first range.
loading.catch(() => {});

/** How long one look at the history serves, milliseconds. Opening one for each range would cost more than reading it. */
const LOOK_MS = 10_000;

let look: { history: History; generatedAt: string; until: number } | null = null;

/** The history as it was, at the earliest, when the page was made that these ranges belong to: never older than that page. */
async function historyAt(generatedAt: string): Promise<History> {
  if (look?.generatedAt === generatedAt && performance.now() < look.until) return look.history;
  const before = look;
  look = null;
  await before?.history.close();
  const until = performance.now() + LOOK_MS;
  look = { history: await openHistory(opening.databaseUrl), generatedAt, until };
  return look.history;
}

async function make({ generatedAt, first, last }: Range): Promise<Made> {
  const files = new Files(
    { statusDir: opening.statusDir, render: await loading },
    siteOf(opening, new Date(generatedAt)),
  );
  await renderRange(files, await historyAt(generatedAt), first, last);
  return { kind: 'made', contents: [...files.made] };
}

parentPort?.on('message', (range: Range) => {
  make(range)
    .catch((error: unknown): Made => ({ kind: 'failed', reason: reasonOf(error) }))
    .then((made) => parentPort?.postMessage(made))
    .catch(() => process.exit(1));
});
