/** What a backfill takes, and why one is refused. */
import { nearest } from './nearest.ts';

/** What somebody wants made up for. Without a number: as many listings as is usual. */
export interface BackfillRequest {
  platform: string;
  what: string;
  listings: number | null;
}

/** Most listings of one batch: it can be cancelled, but is one run that nobody wants to wait for until tomorrow. */
export const MOST_LISTINGS = 200;

/** Listings of a batch when nobody says how many; pages that are kept cost the site nothing, so all that one may take. */
export function usualListings(what: string): number {
  return what === 'images' ? 50 : MOST_LISTINGS;
}

/** Why a backfill is refused. */
export type BackfillRefusal =
  | { kind: 'unknown_platform'; platform: string; known: string[]; nearest: string | null }
  | { kind: 'no_backfills'; platform: string; others: string[] }
  | { kind: 'unknown_backfill'; platform: string; what: string; known: string[]; nearest: string | null }
  | { kind: 'backfill_open'; platform: string; run: number }
  | { kind: 'nothing_lacks'; platform: string; what: string };

/** What came of asking for one; `more` are listings that lack it as well and were not taken. */
export type BackfillAnswer =
  | { kind: 'started'; runId: number; platform: string; what: string; listings: number; items: number; more: number }
  | { kind: 'refused'; reason: BackfillRefusal };

export type BackfillPlan =
  { kind: 'start'; platform: string; what: string; most: number } | { kind: 'refused'; reason: BackfillRefusal };

/** Plans a batch from what each platform offers to make up for, by its id. Whether anything lacks is the store's to say. */
export function planBackfill(request: BackfillRequest, offered: ReadonlyMap<string, readonly string[]>): BackfillPlan {
  const { platform, what } = request;
  const refused = (reason: BackfillRefusal) => ({ kind: 'refused' as const, reason });
  const known = offered.get(platform);
  if (known === undefined) {
    const all = [...offered.keys()];
    return refused({ kind: 'unknown_platform', platform, known: all, nearest: nearest(platform, all) });
  }
  if (known.length === 0) {
    const others = [...offered].filter(([, whats]) => whats.length > 0).map(([id]) => id);
    return refused({ kind: 'no_backfills', platform, others });
  }
  if (!known.includes(what)) {
    return refused({ kind: 'unknown_backfill', platform, what, known: [...known], nearest: nearest(what, known) });
  }
  const most = Math.min(Math.max(request.listings ?? usualListings(what), 1), MOST_LISTINGS);
  return { kind: 'start', platform, what, most };
}
