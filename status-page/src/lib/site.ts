/** What this build of the page tells: read once, so that all its pages agree. */
import { openHistory, type ChainHistory, type PlatformHistory, type RunHistory } from '#db/history.ts';

/** How many chains get pages: every run of the newest ones. */
export const CHAINS_SHOWN = 200;

/** How many runs the front page lists. */
export const RUNS_LISTED = 50;

/** Everything the pages are made from; runs are newest first. */
export interface Site {
  generatedAt: Date;
  platforms: PlatformHistory[];
  chains: ChainHistory[];
  runs: RunHistory[];
}

let reading: Promise<Site> | null = null;

/** The history for this build, from the database `DATABASE_URL` names. */
export function readSite(): Promise<Site> {
  reading ??= read();
  return reading;
}

async function read(): Promise<Site> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set, so there is nothing to tell. Use npm run page:build.');
  await using history = await openHistory(url);
  const [platforms, chains] = await Promise.all([history.platforms(), history.latestChains(CHAINS_SHOWN)]);
  const runs = chains.flatMap((chain) => chain.runs).toSorted((a, b) => b.id - a.id);
  return { generatedAt: new Date(), platforms: inOrderOf(platforms, runs), chains, runs };
}

/** Platforms in the order they were last scraped in together; those of long ago come last. */
function inOrderOf(platforms: readonly PlatformHistory[], runs: readonly RunHistory[]): PlatformHistory[] {
  const order = [...new Set(runs.filter((run) => run.id === run.rootId).flatMap((run) => run.platforms))];
  const place = ({ platform }: PlatformHistory) => order.indexOf(platform) + 1 || Infinity;
  return platforms.toSorted((a, b) => Math.sign(place(a) - place(b)) || 0);
}
