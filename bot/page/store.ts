/**
 * The status folder: `contents/` holds every file of the site under the hash of its path and bytes, written once;
 * `site.json` says which of them stands where; `current/` is the site as plain files, for other web servers. Written
 * without waiting in between: the process that makes the page has nothing else to do, and this is four times as fast.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  contentFile,
  isMissing,
  mapFile,
  placedFile,
  readMap,
  readShelf,
  shelfOf,
  type Content,
  type Contents,
  type SiteMap,
} from './map.ts';
import { placeFiles, removeFiles, removeStrangers, type Placed } from './plain-files.ts';

/** Paths with what is to stand there; null: nothing any more. */
export type Fresh = ReadonlyMap<string, Content | null>;

/** What the next map says besides where contents stand. */
export type MapFacts = Pick<SiteMap, 'edition' | 'generatedAt' | 'nextAt' | 'newest' | 'open' | 'archive'>;

/** Writes a content unless it is there already. It is on no page yet. */
export function putContent(statusDir: string, path: string, bytes: Buffer): Content {
  const hash = createHash('sha256').update(`${path}\0`).update(bytes).digest('hex').slice(0, 32);
  const file = contentFile(statusDir, hash);
  // Not by a draft and a rename: nothing leads to it yet, and what a kill cut short is shorter.
  if (statSync(file, { throwIfNoEntry: false })?.size !== bytes.length) write(file, bytes);
  return [hash, bytes.length];
}

/**
 * Shows the site with these contents in place of, or besides, those that stand there, by one rename; a path without a
 * content goes. Answers the paths that changed. Only one process at a time may do this.
 */
export async function swap(statusDir: string, facts: MapFacts, fresh: Fresh): Promise<string[]> {
  const before = await readMap(statusDir);
  const { pages, shelved } = sorted(fresh);
  const map: SiteMap = {
    version: 1,
    ...facts,
    pages: merged(before?.pages ?? {}, pages),
    shelves: { ...before?.shelves },
    dropped: [],
  };
  const changed = changes(before?.pages ?? {}, map.pages);
  for (const [number, contents] of shelved) {
    const shelf = before?.shelves[number];
    const old = shelf === undefined ? {} : await readShelf(statusDir, shelf);
    const now = merged(old, contents);
    changed.push(...changes(old, now));
    const written = putContent(statusDir, `shelf ${number}`, Buffer.from(JSON.stringify(now)));
    map.shelves[number] = written;
    if (shelf !== undefined && shelf[0] !== written[0]) map.dropped.push([`shelf ${number}`, shelf[0]]);
  }
  for (const { path, was } of changed) if (was !== null) map.dropped.push([path, was]);
  const paths = [...new Set([...changed.map(({ path }) => path), ...(await unplaced(statusDir, before))])];
  const placing = { swap: randomUUID(), paths };
  writeWhole(mapFile(statusDir), Buffer.from(JSON.stringify({ ...map, placing } satisfies SiteMap)));
  await placePlain(statusDir, map, paths);
  writeWhole(placedFile(statusDir), Buffer.from(placing.swap));
  await removeDropped(statusDir, before?.dropped ?? [], map);
  return changed.map(({ path }) => path);
}

/** Everything the site consists of. Grows with the history: for rebuilding and sweeping only. */
export async function readWhole(statusDir: string): Promise<Map<string, Content>> {
  const map = await readMap(statusDir);
  const all = new Map<string, Content>(Object.entries(map?.pages ?? {}));
  for (const shelf of Object.values(map?.shelves ?? {})) {
    for (const [path, content] of Object.entries(await readShelf(statusDir, shelf))) all.set(path, content);
  }
  return all;
}

/** Removes whatever no page shows: what processes that were killed left behind. Only one process at a time may do this. */
export async function sweep(statusDir: string): Promise<void> {
  const map = await readMap(statusDir);
  if (map === null) return;
  const all = await readWhole(statusDir);
  const shown = new Set([...all.values(), ...Object.values(map.shelves)].map(([hash]) => hash));
  for (const [, hash] of map.dropped) shown.add(hash);
  const contents = join(statusDir, 'contents');
  for (const folder of readdirSync(contents)) {
    for (const name of readdirSync(join(contents, folder))) {
      if (!shown.has(folder + name)) rmSync(join(contents, folder, name), { force: true });
    }
  }
  removeStrangers(join(statusDir, 'current'), new Set(all.keys()));
}

interface Change {
  path: string;
  was: string | null;
  is: string | null;
}

function changes(before: Contents, after: Contents): Change[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths]
    .map((path) => ({ path, was: before[path]?.[0] ?? null, is: after[path]?.[0] ?? null }))
    .filter(({ was, is }) => was !== is);
}

function sorted(fresh: Fresh): { pages: Fresh; shelved: Map<string, Fresh> } {
  const pages = new Map<string, Content | null>();
  const shelved = new Map<string, Map<string, Content | null>>();
  for (const [path, content] of fresh) {
    const number = shelfOf(path);
    const shelf = number === null ? pages : (shelved.get(number) ?? new Map<string, Content | null>());
    if (number !== null) shelved.set(number, shelf);
    shelf.set(path, content);
  }
  return { pages, shelved };
}

/** Sorted by path, so that the same contents are the same bytes. */
function merged(old: Contents, fresh: Fresh): Contents {
  const all = new Map<string, Content | null>([...Object.entries(old), ...fresh]);
  const kept = [...all].flatMap(([path, content]) => (content === null ? [] : [[path, content] as const]));
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the swap before may have left undone among the plain files, because its process was killed at that. */
async function unplaced(statusDir: string, before: SiteMap | null): Promise<readonly string[]> {
  if (before?.placing === undefined) return [];
  const placed = await readFile(placedFile(statusDir), 'utf8').catch(() => null);
  return placed === before.placing.swap ? [] : before.placing.paths;
}

/** Brings these paths of the plain files in line with the map. */
async function placePlain(statusDir: string, map: SiteMap, paths: readonly string[]): Promise<void> {
  const find = finder(statusDir, map);
  const placed: Placed[] = [];
  const gone: string[] = [];
  for (const path of paths) {
    const content = await find(path);
    if (content === null) gone.push(path);
    else placed.push({ path, file: contentFile(statusDir, content[0]) });
  }
  placeFiles(join(statusDir, 'current'), placed);
  removeFiles(join(statusDir, 'current'), gone);
}

/** What was replaced and has come back meanwhile stays. */
async function removeDropped(statusDir: string, dropped: SiteMap['dropped'], map: SiteMap): Promise<void> {
  const find = finder(statusDir, map);
  for (const [path, hash] of dropped) {
    const is = path.startsWith('shelf ') ? map.shelves[path.slice('shelf '.length)] : await find(path);
    if (is?.[0] !== hash) rmSync(contentFile(statusDir, hash), { force: true });
  }
}

/** Finds what stands at a path; each shelf is read once. */
function finder(statusDir: string, map: SiteMap): (path: string) => Promise<Content | null> {
  const shelves = new Map<string, Contents>();
  return async (path) => {
    const number = shelfOf(path);
    if (number === null) return map.pages[path] ?? null;
    const shelf = map.shelves[number];
    if (shelf === undefined) return null;
    const list = shelves.get(number) ?? (await readShelf(statusDir, shelf));
    shelves.set(number, list);
    return list[path] ?? null;
  };
}

/** A file appears whole or not at all. */
function writeWhole(file: string, bytes: Buffer): void {
  const draft = `${file}.${randomUUID()}`;
  write(draft, bytes);
  renameSync(draft, file);
}

function write(file: string, bytes: Buffer): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
