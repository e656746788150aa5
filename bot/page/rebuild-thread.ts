/** A thread of a rebuild: makes the pages of one range of runs after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { openHistory } from '#db/history.ts';
import { Files, renderRange, siteOf } from './builder.ts';
import { reasonOf } from './page-error.ts';
import type { Opening } from './process.ts';
import type { Made, Range } from './rebuild.ts';
import { loadRenderer, prepareRenderer } from './renderer.ts';

const opening = workerData as Opening;
const loading = prepareRenderer(opening.rendererDir).then(loadRenderer);
// It is waited for with the first range.
loading.catch(() => {});

async function make({ generatedAt, first, last }: Range): Promise<Made> {
  const files = new Files(
    { statusDir: opening.statusDir, render: await loading },
    siteOf(opening, new Date(generatedAt)),
  );
  await using history = await openHistory(opening.databaseUrl);
  await renderRange(files, history, first, last);
  return { kind: 'made', contents: [...files.made] };
}

parentPort?.on('message', (range: Range) => {
  make(range)
    .catch((error: unknown): Made => ({ kind: 'failed', reason: reasonOf(error) }))
    .then((made) => parentPort?.postMessage(made))
    .catch(() => process.exit(1));
});
