/** The process that makes the page: started by the publisher, asked over IPC, ended when the publisher goes. */
import { setPriority } from 'node:os';
import { keepCompiled } from '../compiled.ts';
import type { BuilderParts, Built } from './builder.ts';

keepCompiled();
const { buildArchive, buildLive } = await import('./builder.ts');
const { reasonOf } = await import('./page-error.ts');
const { loadRenderer, prepareRenderer, readAssets } = await import('./renderer.ts');

/** What the publisher knows: all a builder works with but the renderer. */
export interface Opening extends Omit<BuilderParts, 'edition' | 'render' | 'assets'> {
  /** Where the renderer is kept when it may not be kept among the packages. */
  rendererDir: string;
}

/** What the publisher asks for; the first question opens. Each is answered by one {@link Answer}. */
export type Question = { kind: 'open'; opening: Opening } | { kind: 'live'; roots: number[] } | { kind: 'archive' };

/** What it is told. `reason` is one line for people. */
export type Answer = { kind: 'opened' } | ({ kind: 'built' } & Built) | { kind: 'failed'; reason: string };

/** Below everything that scrapes and talks. */
const NICENESS = 5;

const stopping = new AbortController();
let parts: BuilderParts | null = null;

async function answer(question: Question): Promise<Answer> {
  if (question.kind === 'open') {
    const { rendererDir, ...rest } = question.opening;
    const renderer = await prepareRenderer(rendererDir, stopping.signal);
    const [render, assets] = [await loadRenderer(renderer), await readAssets(renderer)];
    parts = { ...rest, edition: renderer.edition, render, assets };
    return { kind: 'opened' };
  }
  if (parts === null) throw new Error('asked before it was opened');
  const built =
    question.kind === 'live' ? await buildLive(parts, question.roots, new Date()) : await buildArchive(parts);
  return { kind: 'built', ...built };
}

setPriority(NICENESS);
process.on('message', (question: Question) => {
  answer(question)
    .catch((error: unknown): Answer => ({ kind: 'failed', reason: reasonOf(error) }))
    .then((told) => process.send?.(told))
    .catch(() => process.exit(1));
});
process.on('disconnect', stop);
process.on('SIGTERM', stop);

/** An Astro under way goes with us. */
function stop(): void {
  stopping.abort();
  process.exit(0);
}
