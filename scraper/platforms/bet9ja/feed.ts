/** Asking Bet9ja's prematch feed. */
import type { Site } from '../../platform.ts';
import type { Options } from './options.ts';

/** Where all of Bet9ja's prematch answers live. */
const feed = '/desktop/feapi/PalimpsestAjax';

/** One question to the feed, by its name. */
export function ask(
  site: Site,
  { site: { cacheVersion } }: Options,
  name: string,
  query: Record<string, string | number>,
): Promise<unknown> {
  return site.http.json({
    path: `${feed}/${name}`,
    query: { ...query, ...(cacheVersion && { v_cache_version: cacheVersion }) },
  });
}
