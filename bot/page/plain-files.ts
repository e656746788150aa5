/**
 * The site as plain files, for web servers that know nothing of the map. Files are linked, not copied, so they cost no
 * space; each is replaced whole, and those that others refer to come first: a page never leads to one that is missing.
 */
import { randomUUID } from 'node:crypto';
import { copyFileSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isMissing } from './map.ts';

/** A path of the site and the file whose content belongs there. */
export interface Placed {
  path: string;
  file: string;
}

/** Puts contents where they belong. */
export function placeFiles(folder: string, placed: readonly Placed[]): void {
  for (const { path, file } of placed.toSorted((a, b) => rank(a.path) - rank(b.path))) {
    const target = join(folder, fileName(path));
    try {
      linkSync(file, target);
    } catch (error) {
      if (isMissing(error)) {
        mkdirSync(dirname(target), { recursive: true });
        linkOrCopy(file, target);
      } else replace(file, target);
    }
  }
}

/** Takes away what the site no longer has. */
export function removeFiles(folder: string, paths: readonly string[]): void {
  for (const path of paths) rmSync(join(folder, fileName(path)), { force: true });
}

/** Takes away every file that is none of these paths. */
export function removeStrangers(folder: string, paths: ReadonlySet<string>): void {
  const own = new Set([...paths].map(fileName));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !own.has(relative(folder, file).replaceAll('\\', '/'))) rmSync(file, { force: true });
  }
}

/** The front page comes last, what pages refer to comes first. */
function rank(path: string): number {
  if (path === '/') return 3;
  if (path.startsWith('/_astro/')) return 0;
  return path.startsWith('/runs/') ? 1 : 2;
}

function fileName(path: string): string {
  return path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1);
}

/** Two names of one file are not exchanged by a rename: the draft stays, so it is removed in any case. */
function replace(file: string, target: string): void {
  const draft = `${target}.${randomUUID()}`;
  try {
    linkOrCopy(file, draft);
    renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Some file systems know no links. */
function linkOrCopy(file: string, target: string): void {
  try {
    linkSync(file, target);
  } catch {
    copyFileSync(file, target);
  }
}
