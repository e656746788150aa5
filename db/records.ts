/** Stores what platforms yield: set by set, and only what differs from what is stored, so that a repeat writes nothing. */
import type { ScrapedRecord } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { fillFields } from './backfills.ts';
import type { EventWarning } from './event-warnings.ts';
import { storeListings } from './listings.ts';
import { storeOdds } from './store-odds.ts';

/** Rows that were written or deleted; all zero when the same answer is stored again. */
export interface StoredCounts {
  /** Book events: new, changed, or seen again after an hour. */
  events: number;
  odds: number;
  dropped: number;
  /** Moves of prices that were remembered, those of dropped and returning ones included. */
  changes: number;
  /** What two books cannot both be right about, said for the first time. */
  warnings: EventWarning[];
  listings: number;
}

/** Brings what is stored to what the records say, all within the caller's transaction. Images are noted with their items. */
export async function storeRecords(tx: Db, records: readonly ScrapedRecord[]): Promise<StoredCounts> {
  const listings = await storeListings(
    tx,
    records.filter((record) => record.kind === 'listing'),
  );
  const filled = await fillFields(
    tx,
    records.filter((record) => record.kind === 'fields'),
  );
  const odds = await storeOdds(
    tx,
    records.filter((record) => record.kind === 'odds'),
  );
  return { ...odds, listings: listings + filled };
}
