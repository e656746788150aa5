/**
 * What the site consists of: each path with the content that stands there. The map of the moment is one small file,
 * replaced by one rename, so the whole site changes at once. Pages of runs are listed on shelves of a thousand runs each,
 * which are contents as well: a change rewrites one shelf, however long the history is.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A content: the name of its file in the store, and its size in bytes. */
export type Content = readonly [hash: string, size: number];

/** Contents by path. */
export type Contents = Record<string, Content>;

/** The site as it is shown. Moments are ISO strings. */
export interface SiteMap {
  version: 1;
  /** The renderer's edition: of another one, every page is written anew. */
  edition: string;
  generatedAt: string;
  nextAt: string;
  /** Up to which run the pages go, and which runs had not ended. */
  newest: number;
  open: number[];
  /** Pages of older runs are still to be written: of the runs from `next` down to `until`. Null: all are there. */
  archive: { next: number; until: number } | null;
  pages: Contents;
  /** Shelf number to the content that lists it. */
  shelves: Record<string, Content>;
  /** What the swap before this one replaced: whoever is being answered from it may finish; the next swap removes it. */
  dropped: [path: string, hash: string][];
  /** What this swap puts among the plain files, and its name: as long as `placed` does not say it, that may not be done. */
  placing?: { swap: string; paths: string[] };
}

const SHELF = 1000;
const runPath = /^\/runs\/(\d{1,9})(?:-\d{1,9})?\/$/;

/** The shelf a path belongs to, or null for what is listed in the map itself. Months (`/runs/2026-11/`) are no runs. */
export function shelfOf(path: string): string | null {
  const [, first] = runPath.exec(path) ?? [];
  if (first === undefined || isMonth(path)) return null;
  return String(Math.floor((Number(first) - 1) / SHELF));
}

/** The list of the runs from `first` to `last` names the smaller first; a month never does. */
function isMonth(path: string): boolean {
  const [first = 0, last = Infinity] = path.split(/[/-]/).filter(Boolean).slice(1).map(Number);
  return last < first;
}

/** Where the map is in a status folder. */
export function mapFile(statusDir: string): string {
  return join(statusDir, 'site.json');
}

/** Where the last swap is named whose plain files are all in their places. */
export function placedFile(statusDir: string): string {
  return join(statusDir, 'placed');
}

/** Where a content is in a status folder. */
export function contentFile(statusDir: string, hash: string): string {
  return join(statusDir, 'contents', hash.slice(0, 2), hash.slice(2));
}

/** The map of the moment, or null before the first one, or when it is of a format we do not know. */
export async function readMap(statusDir: string): Promise<SiteMap | null> {
  try {
    const map = JSON.parse(await readFile(mapFile(statusDir), 'utf8')) as SiteMap;
    return map.version === 1 ? map : null;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return null;
    throw error;
  }
}

/** The list of a shelf. */
export async function readShelf(statusDir: string, [hash]: Content): Promise<Contents> {
  return JSON.parse(await readFile(contentFile(statusDir, hash), 'utf8')) as Contents;
}

/** Whether a file is simply not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
