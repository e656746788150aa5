/**
 * The page's sources as one program that turns facts into files. Astro builds it once per version of the sources; after
 * that a page costs a millisecond, and nothing of Astro's tooling is kept in memory.
 */
import { createHash, randomUUID } from 'node:crypto';
import { access, constants, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PageFacts, Site } from '#db/history.ts';
import { runAstro } from './astro.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(root, 'status-page');
const astroPackage = createRequire(import.meta.url).resolve('astro/package.json');
const modules = join(dirname(astroPackage), '..');

/** What a program that was left half-built is removed after: longer than any build takes, milliseconds. */
const LEFT_BEHIND_MS = 10 * 60_000;

/** A built program. `edition` names the sources it was built from. */
export interface Renderer {
  edition: string;
  /** Holds `server/entry.mjs`, which renders, and `client/`, the files pages refer to. */
  folder: string;
}

/** One file of the site, rendered. */
export type Render = (path: string, locals: { site: Site; facts: PageFacts }) => Promise<Buffer>;

/**
 * Builds the program, or finds it built. It is kept among the installed packages, where it goes with them; in `fallback`
 * when these may not be written to. Rejects with a PageError when it cannot be built.
 */
export async function prepareRenderer(fallback: string, signal?: AbortSignal): Promise<Renderer> {
  const edition = await nameOfSources();
  const home = (await isWritable(modules)) ? join(modules, '.cache', 'rescrape-page') : fallback;
  const folder = join(home, edition);
  if (!(await exists(join(folder, 'server', 'entry.mjs')))) await build(home, folder, signal);
  return { edition, folder };
}

/** Loads the program into this process; it cannot be unloaded. */
export async function loadRenderer(renderer: Renderer): Promise<Render> {
  const entry = pathToFileURL(join(renderer.folder, 'server', 'entry.mjs')).href;
  const { render } = (await import(entry)) as { render: Render };
  return render;
}

/** The files that pages refer to, by their path on the site: styles and pictures. */
export async function readAssets(renderer: Renderer): Promise<Map<string, Buffer>> {
  const folder = join(renderer.folder, 'client');
  const assets = new Map<string, Buffer>();
  for (const file of await filesIn(folder)) assets.set(`/${file}`, await readFile(join(folder, file)));
  return assets;
}

/**
 * Astro writes types, caches and half-built programs beside its sources, where two builds would meet. So it gets a copy
 * of the sources; the finished program takes its place by one rename.
 */
async function build(home: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  await removeLeftovers(home);
  const work = join(home, `.work-${randomUUID()}`);
  try {
    await mkdir(work, { recursive: true });
    await cp(join(root, 'package.json'), join(work, 'package.json'));
    await cp(sources, join(work, 'status-page'), { recursive: true, filter: isSource });
    await symlink(modules, join(work, 'node_modules'), 'junction');
    await runAstro(['build', '--root', 'status-page', '--outDir', join(work, 'out')], work, signal);
    await symlink(modules, join(work, 'out', 'node_modules'), 'junction');
    await rename(join(work, 'out'), folder).catch(async (error: unknown) => {
      // Another process was faster.
      if (!(await exists(join(folder, 'server', 'entry.mjs')))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home).catch(() => [] as string[])) {
    if (!name.startsWith('.work-')) continue;
    const found = await stat(join(home, name)).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > LEFT_BEHIND_MS) {
      await rm(join(home, name), { recursive: true, force: true });
    }
  }
}

async function nameOfSources(): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(astroPackage))
    .update(process.version);
  for (const file of await filesIn(sources)) {
    hash.update(`\0${file}\0`).update(await readFile(join(sources, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isSource(join(entry.parentPath, entry.name)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

function isSource(path: string): boolean {
  return !/[\\/](?:\.astro|node_modules|dist)(?:[\\/]|$)/.test(path.slice(root.length));
}

async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
