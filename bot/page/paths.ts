/** Where things are on the site. */
import type { LiveFacts } from '#db/history.ts';

/** Lists of old runs hold this many runs each. */
const LIST = 100;

/** The page for addresses that lead nowhere. */
export const MISSING_PAGE = '/404.html';

/** What there is for all platforms together, and for each of them. */
const files = ['atom.xml', 'rss.xml', 'feed.json', 'badge.svg'];

/** Everything that is made anew with each change. */
export function livePaths(live: LiveFacts): string[] {
  const folders = live.platforms.map(({ platform }) => `/platforms/${platform}/`);
  const each = folders.flatMap((folder) => [folder, ...files.map((file) => folder + file)]);
  return ['/', MISSING_PAGE, '/runs/', '/failures/', '/status.json', ...files.map((file) => `/${file}`), ...each];
}

/** A run's page. */
export function runPath(id: number): string {
  return `/runs/${id}/`;
}

/** The list a run is on: the run numbers from `first` to `last`, whole hundreds. */
export function listOf(id: number): { first: number; last: number; path: string } {
  const first = Math.floor((id - 1) / LIST) * LIST + 1;
  const last = first + LIST - 1;
  return { first, last, path: `/runs/${first}-${last}/` };
}

/** The page of a month like `2026-11`. */
export function monthPath(month: string): string {
  return `/runs/${month}/`;
}
