/** Answers requests for the site from its map. Only paths on the map lead anywhere, and each answer is of one map. */
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { plainAnswer, type HttpAnswer } from '#bot/http-answer.ts';
import { contentFile, isMissing, mapFile, readMap, readShelf, shelfOf, type Content, type SiteMap } from './map.ts';
import { MISSING_PAGE } from './paths.ts';
import { recently } from './recently.ts';
import { staleBanner, STALE_MARK } from './stale.ts';

/** Answers a path as it was sent, with the encodings the reader accepts; null before the first map. */
export type SiteReader = (path: string, accepted: string) => Promise<HttpAnswer | null>;

const types: Record<string, string> = {
  '': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};
const feedTypes: Record<string, string> = {
  'atom.xml': 'application/atom+xml; charset=utf-8',
  'rss.xml': 'application/rss+xml; charset=utf-8',
  'feed.json': 'application/feed+json; charset=utf-8',
};

const encoders = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 6 }),
};

/** Smaller answers are not worth compressing, bytes. */
const COMPRESS_FROM = 1_000;
/** What is kept in memory of what was asked for last. */
const SHELVES_KEPT = 16;
const BODIES_KEPT = 200;

/** Makes a reader of a status folder. */
export function createSiteReader(statusDir: string, now: () => Date = () => new Date()): SiteReader {
  const shelves = recently(SHELVES_KEPT, (shelf: Content) => readShelf(statusDir, shelf));
  const bodies = recently(BODIES_KEPT, async (wanted: Wanted) => {
    const stored = await readFile(contentFile(statusDir, wanted.hash));
    const bytes = wanted.banner === '' ? stored : Buffer.from(stored.toString().replace(STALE_MARK, wanted.banner));
    return wanted.encoding === null ? bytes : encoders[wanted.encoding](bytes);
  });
  let known: { stamp: string; map: SiteMap } | null = null;

  async function currentMap(): Promise<SiteMap | null> {
    const found = await stat(mapFile(statusDir), { bigint: true }).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (found === null) return null;
    const stamp = `${found.ino} ${found.mtimeNs} ${found.size}`;
    if (known?.stamp !== stamp) {
      const map = await readMap(statusDir);
      known = map === null ? null : { stamp, map };
    }
    return known?.map ?? null;
  }

  async function find(map: SiteMap, path: string): Promise<Content | null> {
    const number = shelfOf(path);
    if (number === null) return Object.hasOwn(map.pages, path) ? (map.pages[path] ?? null) : null;
    const shelf = Object.hasOwn(map.shelves, number) ? map.shelves[number] : undefined;
    return shelf === undefined ? null : ((await shelves(shelf[0], shelf))[path] ?? null);
  }

  async function send(status: number, map: SiteMap, path: string, content: Content, accepted: string) {
    const [hash, size] = content;
    const type = typeOf(path);
    const banner = type.startsWith('text/html') ? staleBanner(map, now()) : '';
    const encoding = size < COMPRESS_FROM ? null : encodingFor(accepted);
    const wanted = { hash, banner, encoding };
    const key = [hash, banner === '' ? '' : 'stale', encoding ?? ''].filter(Boolean).join('-');
    const headers: Record<string, string> = {
      'Content-Type': type,
      'Cache-Control': cacheControl(path),
      ETag: `"${key}"`,
      Vary: 'Accept-Encoding',
    };
    if (encoding !== null) headers['Content-Encoding'] = encoding;
    return { status, headers, body: await bodies(key + banner, wanted) };
  }

  async function answer(path: string, accepted: string): Promise<HttpAnswer | null> {
    const map = await currentMap();
    if (map === null) return null;
    const content = path === MISSING_PAGE ? null : await find(map, path);
    if (content !== null) return send(200, map, path, content, accepted);
    const other = path.endsWith('/index.html') ? path.slice(0, -'index.html'.length) : `${path}/`;
    if ((await find(map, other)) !== null) {
      return plainAnswer(301, `It is at ${other}`, { Location: other, 'Cache-Control': 'max-age=30' });
    }
    const missing = await find(map, MISSING_PAGE);
    if (missing === null) return plainAnswer(404, 'There is no such page.');
    return send(404, map, MISSING_PAGE, missing, accepted);
  }

  return async (path, accepted) => {
    for (let tries = 1; ; tries++) {
      try {
        return await answer(path, accepted);
      } catch (error) {
        // A content that went away meanwhile had a successor: the map is looked at again.
        if (tries > 3 || !isMissing(error)) throw error;
        known = null;
      }
    }
  };
}

interface Wanted {
  hash: string;
  banner: string;
  encoding: keyof typeof encoders | null;
}

function typeOf(path: string): string {
  return feedTypes[path.slice(path.lastIndexOf('/') + 1)] ?? types[extname(path)] ?? 'application/octet-stream';
}

/** Astro names what it puts into `_astro` after its content. All else may change any second; asking costs a few bytes. */
function cacheControl(path: string): string {
  if (path.startsWith('/_astro/')) return 'public, max-age=31536000, immutable';
  return 'no-cache';
}

/** Whoever wants none (`br;q=0`) gets none. */
function encodingFor(accepted: string): keyof typeof encoders | null {
  const offers = accepted.split(',').map((offer) =>
    offer
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  const takes = (name: string) => offers.some(([one, q = 'q=1']) => one === name && !/^q=0(?:\.0*)?$/.test(q));
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : null;
}
