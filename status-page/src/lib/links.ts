/** A link from one page to another that works wherever the site is put; both are given as paths from its root. */
export function relativeLink(from: string, to: string): string {
  const depth = from.split('/').filter((part) => part !== '').length;
  return '../'.repeat(depth) + to.slice(1) || './';
}

/** Where a run's page is, from the root of the site. */
export function runPath(id: number): string {
  return `/runs/${id}/`;
}

/** The list that begins with, or holds, this run: whole hundreds. */
export function listPath(id: number): string {
  const first = Math.floor((id - 1) / 100) * 100 + 1;
  return `/runs/${first}-${first + 99}/`;
}

/** Where a platform's page is. Ids are slugs, so they need no encoding. */
export function platformPath(platform: string): string {
  return `/platforms/${platform}/`;
}

/** Where a month of runs, like `2026-11`, is listed. */
export function monthPath(month: string): string {
  return `/runs/${month}/`;
}
