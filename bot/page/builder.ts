/** Decides which files of the site are to be made anew, makes them from one moment of the history, and shows them. */
import { openHistory, type ChainHistory, type Frontier, type History, type PageFacts, type Site } from '#db/history.ts';
import { readMap, type Content, type SiteMap } from './map.ts';
import { listOf, livePaths, MISSING_PAGE, monthPath, runPath } from './paths.ts';
import type { Render } from './renderer.ts';
import { putContent, swap } from './store.ts';

/** What a builder works with. */
export interface BuilderParts {
  databaseUrl: string;
  statusDir: string;
  edition: string;
  render: Render;
  assets: ReadonlyMap<string, Buffer>;
  /** Where the site is reached, with a slash at the end, and the zone of the times on it. */
  address: string;
  timeZone: string;
  /** How many attempts a job has, by how its last one failed. */
  attempts: Site['attempts'];
  /** How long a page stays fresh, milliseconds: the next one follows by then. */
  everyMs: number;
}

/** What a build did. */
export interface Built {
  /** The paths that were made, and those of them that changed. */
  made: string[];
  changed: string[];
  /** Whether pages of older runs are still to be written. */
  archiveLeft: boolean;
}

/** More chains than this at once are left to the archive, milliseconds being dear: their pages follow by and by. */
const AT_ONCE = 100;

/** Runs whose pages one step of the archive writes. */
const ARCHIVE_STEP = 200;

/** Makes the files that a change can have changed; `roots` names chains that are known to have. `anew`: nothing counts as made. */
export async function buildLive(
  parts: BuilderParts,
  roots: readonly number[],
  now: Date,
  options: { anew?: boolean } = {},
): Promise<Built> {
  await using history = await openPlace(parts);
  const before = await readMap(parts.statusDir);
  const known = before?.edition === parts.edition && options.anew !== true ? before : null;
  const frontier = await history.frontier();
  const live = await history.live(now);
  const asked = new Set([
    ...(await changedRoots(
      history,
      known,
      live.runs.map((run) => run.rootId),
    )),
    ...roots,
  ]);
  const chains = await history.chains([...asked]);

  const site = siteOf(parts, now);
  const files = new Files(parts, site);
  for (const [path, bytes] of parts.assets) files.add(path, bytes);
  for (const path of livePaths(live)) await files.render(path, { kind: 'live', live });
  await renderChains(files, chains);
  await renderLists(files, history, new Set(chains.flatMap(({ runs }) => runs.map(({ id }) => listOf(id).first))));
  const months = known === null ? live.months.map(({ day }) => day) : monthsOf(chains);
  for (const month of months) {
    await files.render(monthPath(month), { kind: 'month', month, facts: await history.month(month) });
  }

  const archive = archiveAfter(known, frontier, asked.size);
  const changed = await swap(parts.statusDir, { ...mapFacts(site, parts), ...frontier, archive }, files.made);
  return { made: [...files.made.keys()], changed, archiveLeft: archive !== null };
}

/** Writes pages of older runs, the newest of them first: one step. Everything else stays as it is. */
export async function buildArchive(parts: BuilderParts): Promise<Built> {
  await using history = await openPlace(parts);
  const map = await readMap(parts.statusDir);
  if (map === null || map.archive === null || map.edition !== parts.edition) {
    return { made: [], changed: [], archiveLeft: false };
  }
  const { next, until } = map.archive;
  const first = archiveStep(next, until);
  const files = new Files(parts, siteOf(parts, new Date(map.generatedAt)));
  await renderRange(files, history, first, next);
  const archive = first <= until ? null : { next: first - 1, until };
  const changed = await swap(parts.statusDir, { ...map, archive }, files.made);
  return { made: [...files.made.keys()], changed, archiveLeft: archive !== null };
}

/** Where the step that ends with run `next` begins: with whole lists. */
export function archiveStep(next: number, until: number): number {
  return Math.max(until, listOf(Math.max(1, next - ARCHIVE_STEP + 1)).first);
}

/** The pages of all chains that begin in this range, and the lists of it. */
export async function renderRange(files: Files, history: History, first: number, last: number): Promise<void> {
  await renderChains(files, await history.chains(await history.rootsBetween(first, last)));
  const lists = new Set<number>();
  for (let id = last; id >= first; id = listOf(id).first - 1) lists.add(listOf(id).first);
  await renderLists(files, history, lists);
}

/** Files as they are made: rendered, stored, and remembered for the swap. */
export class Files {
  readonly made = new Map<string, Content>();
  readonly #parts: Pick<BuilderParts, 'statusDir' | 'render'>;
  readonly #site: Site;

  constructor(parts: Pick<BuilderParts, 'statusDir' | 'render'>, site: Site) {
    this.#parts = parts;
    this.#site = site;
  }

  async render(path: string, facts: PageFacts): Promise<void> {
    const route = path === MISSING_PAGE ? '/404/' : path;
    this.add(path, await this.#parts.render(route, { site: this.#site, facts }));
  }

  add(path: string, bytes: Buffer): void {
    this.made.set(path, putContent(this.#parts.statusDir, path, bytes));
  }
}

/** One process at a time changes a status folder, and it sees what the one before it did. */
function openPlace(parts: BuilderParts): Promise<History> {
  return openHistory(parts.databaseUrl, { alone: `rescrape page ${parts.statusDir}` });
}

/** What every page made at this moment knows of the site. */
export function siteOf(parts: Pick<BuilderParts, 'address' | 'timeZone' | 'attempts' | 'everyMs'>, now: Date): Site {
  const { address, timeZone, attempts, everyMs } = parts;
  return { generatedAt: now, nextAt: new Date(now.getTime() + everyMs), address, timeZone, attempts };
}

function mapFacts(site: Site, parts: BuilderParts): Pick<SiteMap, 'edition' | 'generatedAt' | 'nextAt'> {
  return {
    edition: parts.edition,
    generatedAt: site.generatedAt.toISOString(),
    nextAt: site.nextAt.toISOString(),
  };
}

/** Of a folder that is new, or of another edition, the newest chains are made at once. */
async function changedRoots(history: History, known: SiteMap | null, newest: number[]): Promise<number[]> {
  if (known === null) return newest;
  const roots = await history.changedRoots(known);
  return roots.length <= AT_ONCE ? roots : roots.filter((root) => root <= known.newest || newest.includes(root));
}

function archiveAfter(known: SiteMap | null, { newest }: Frontier, changed: number): SiteMap['archive'] {
  if (known === null) return newest === 0 ? null : { next: newest, until: 1 };
  if (newest - known.newest <= AT_ONCE && changed <= AT_ONCE) return known.archive;
  return { next: newest, until: known.archive?.until ?? known.newest + 1 };
}

async function renderChains(files: Files, chains: readonly ChainHistory[]): Promise<void> {
  for (const chain of chains) {
    for (const { id } of chain.runs) await files.render(runPath(id), { kind: 'run', runId: id, chain });
  }
}

async function renderLists(files: Files, history: History, firsts: ReadonlySet<number>): Promise<void> {
  for (const from of firsts) {
    const { first, last, path } = listOf(from);
    await files.render(path, { kind: 'list', first, last, rows: await history.runRows(first, last) });
  }
}

function monthsOf(chains: readonly ChainHistory[]): Set<string> {
  return new Set(chains.flatMap(({ runs }) => runs.map(({ createdAt }) => createdAt.toISOString().slice(0, 7))));
}
