/** A thread of a rebuild: makes the pages of the ranges of runs that it is given, two at a time. */
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

let look: { history: Promise<History>; generatedAt: string } | null = null;

/**
 * The history as it was, at the earliest, when the page was made that a range belongs to: never older than that page.
 * One look serves all ranges of that page, as opening one for each would cost more than reading it.
 */
function historyAt(generatedAt: string): Promise<History> {
  if (look?.generatedAt === generatedAt) return look.history;
  // All ranges of another page are done: the folder was let go of in between.
  look?.history.then((history) => history.close()).catch(() => {});
  look = { history: openHistory(opening.databaseUrl), generatedAt };
  return look.history;
}

async function make({ generatedAt, first, last }: Range): Promise<Made> {
  const files = new Files(
    { statusDir: opening.statusDir, render: await loading },
    siteOf(opening, new Date(generatedAt)),
  );
  await renderRange(files, await historyAt(generatedAt), first, last);
  return { first, kind: 'made', contents: [...files.made] };
}

parentPort?.on('message', (range: Range) => {
  make(range)
    .catch((error: unknown): Made => ({ first: range.first, kind: 'failed', reason: reasonOf(error) }))
    .then((made) => parentPort?.postMessage(made))
    .catch(() => process.exit(1));
});
