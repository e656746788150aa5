/** The demo sites: local servers that answer as the real ones do, for the tests and for `npm run demo`. */
import { bet9ja } from './bet9ja.ts';
import { platforms } from '#scraper/index.ts';
import { betpawa } from './betpawa.ts';
import { bringatrailer } from './bringatrailer.ts';
import { demoMatches, type DemoWorld } from './matches.ts';
import type { Mood } from './mood.ts';
import type { SiteDefinition } from './definition.ts';
import { startSite, type DemoSite } from './site.ts';
import { recordedSite } from './recorded.ts';
import { sportybet } from './sportybet.ts';

export { hostileName, quote, type DemoWorld } from './matches.ts';
export type { Mood } from './mood.ts';
export type { DemoSite } from './site.ts';

/** The demo sites that invent their answers. Every other platform answers from the `demo/` folder of its own. */
const definitions = { sportybet, bet9ja, betpawa, bringatrailer } satisfies Record<string, SiteDefinition>;

/** The platforms that have a demo site. */
export type DemoSiteId = keyof typeof definitions;

/** The running sites; leaving its scope (`await using`) stops them. */
export interface DemoSites extends AsyncDisposable {
  /** The environment that points the scraper to them: `SPORTYBET_URL` and so on. */
  env: Record<string, string>;
  sites: Record<DemoSiteId, DemoSite>;
  /** The matches they all sell. */
  world: DemoWorld;
}

/** How the sites start. */
export interface DemoOptions {
  /** How long an answer takes on average, milliseconds; 60 suits the eye, tests pass 0. */
  latencyMs?: number;
  /** Sites that start in another mood than `ok`. */
  moods?: Partial<Record<DemoSiteId, Mood>>;
  /** The same seed gives the same clubs, prices, jitter and flakes. */
  seed?: number;
  /** Kickoffs are counted from here. */
  now?: Date;
  /** How many matches there are, 48 unless said otherwise; 0 is a day without football. */
  matches?: number;
  /** Lists come in pages as long as the real sites give; in short ones unless said. */
  longPages?: boolean;
}

/** Starts one server per platform on 127.0.0.1: the books sell the same 48 invented matches, the auctions a lot for each. */
export async function startDemoSites(options: DemoOptions = {}): Promise<DemoSites> {
  const { latencyMs = 60, moods = {}, seed = 1, now = new Date() } = options;
  const world: DemoWorld = { seed, matches: demoMatches(now, seed, options.matches), longPages: options.longPages };
  const all = platforms.map((platform) => {
    const id = platform.id as DemoSiteId;
    return { id, definition: definitions[id] ?? recordedSite(platform) };
  });
  const started = await Promise.all(
    all.map(async ({ id, definition }) => {
      const site = await startSite(definition, world, { latencyMs, mood: moods[id] ?? 'ok' });
      return { id, variable: definition.variable, site };
    }),
  );
  return {
    env: Object.fromEntries(started.map(({ variable, site }) => [variable, site.url])),
    sites: Object.fromEntries(started.map(({ id, site }) => [id, site])) as Record<DemoSiteId, DemoSite>,
    world,
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map(({ site }) => site[Symbol.asyncDispose]()));
    },
  };
}
