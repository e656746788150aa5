/** Demo sites of platforms that have none of their own here: they answer with the files in the platform's `demo/` folder. */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Platform } from '#scraper/platform.ts';
import { html, type Reply, type SiteDefinition } from './definition.ts';

const folders = new URL('../../scraper/platforms/', import.meta.url);

/** Another set of answers, laid over the usual ones: a day with nothing, a needed field renamed. */
export type Variant = '_empty' | '_drifted';

/** `/matches/7` is answered with `demo/matches/7.json` (or the file of that very name); anything else with 404. */
export function recordedSite(
  platform: Platform,
  { folder = platform.id, variant = null }: { folder?: string; variant?: Variant | null } = {},
): SiteDefinition {
  const usual = new URL(`${folder}/demo/`, folders);
  const sources = variant === null ? [usual] : [new URL(`${variant}/`, usual), usual];
  return {
    variable: platform.baseUrlVariable,
    blockPage: html(403, '<!DOCTYPE html><title>Access denied</title><h1>Access denied</h1>'),
    neededField: 'id',
    itemKey: ({ path }) => (path.split('/').length > 2 ? basename(path, '.json') : undefined),
    matchOf: () => undefined,
    answer: ({ path }) => recordedAnswer(sources, path),
  };
}

function recordedAnswer(sources: readonly URL[], path: string): Reply {
  for (const source of sources) {
    for (const name of [`.${path}`, `.${path}.json`]) {
      const file = new URL(name, source);
      if (file.href.startsWith(source.href) && statSync(file, { throwIfNoEntry: false })?.isFile()) {
        const type = name.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/json';
        return { status: 200, type, body: readFileSync(fileURLToPath(file)) };
      }
    }
  }
  return { status: 404, type: 'text/plain', body: 'not found' };
}
