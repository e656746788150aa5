/** Finds what a path of the status page stands for. Only paths on the list of a build's files lead anywhere. */
import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** What a path stands for: a file and the headers that go with it, another path, or nothing. */
export type Found =
  | { kind: 'file'; path: string; contentType: string; cacheControl: string }
  | { kind: 'elsewhere'; location: string }
  | { kind: 'nothing' };

/** The files of one build, by their path on the page. */
export type SiteFiles = ReadonlyMap<string, string>;

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Lists a build, without hidden files, links and other oddities. A build never changes, so the list can be kept. */
export async function listSite(site: string): Promise<SiteFiles> {
  const files = new Map<string, string>();
  for (const entry of await readdir(site, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const parts = relative(site, file).split(sep);
    if (entry.isFile() && !parts.some((part) => part.startsWith('.'))) files.set(`/${parts.join('/')}`, file);
  }
  return files;
}

const missingPage = '/404.html';

/** Looks a request's path up as it was sent: nothing is decoded or normalised, so nothing can climb out. */
export function findFile(files: SiteFiles, path: string): Found {
  if (path === missingPage) return { kind: 'nothing' };
  const exact = fileAt(files, path.endsWith('/') ? `${path}index.html` : path);
  if (exact.kind === 'file') return exact;
  return files.has(`${path}/index.html`) ? { kind: 'elsewhere', location: `${path}/` } : exact;
}

/** The page for paths that lead nowhere. */
export function findMissingPage(files: SiteFiles): Found {
  return fileAt(files, missingPage);
}

function fileAt(files: SiteFiles, path: string): Found {
  const file = files.get(path);
  if (file === undefined) return { kind: 'nothing' };
  const contentType = types[extname(path)] ?? 'application/octet-stream';
  return { kind: 'file', path: file, contentType, cacheControl: cacheControl(path) };
}

/** Astro names what it puts into `_astro` after its content. */
function cacheControl(path: string): string {
  if (path.startsWith('/_astro/')) return 'public, max-age=31536000, immutable';
  return path.endsWith('.html') ? 'max-age=30' : 'max-age=3600';
}
