/** What a batch of worked-on items leaves behind: their records, their marks, and what is gone with them. */
import type { Db } from '#db/client.ts';
import { addCoverage } from '#db/deliveries.ts';
import type { EventWarning } from '#db/event-warnings.ts';
import type { HeldJob } from '#db/jobs.ts';
import { noteImages } from '#db/listing-images.ts';
import { settleListings } from '#db/listings.ts';
import { storeRecords } from '#db/records.ts';
import { withdrawOdds } from '#db/store-odds.ts';
import { addFedItems, markWorkItems } from '#db/work-items.ts';
import type { ItemResult } from '#scraper/index.ts';
import { coverageOf } from '#bot/runs/quality.ts';

/**
 * Stores records, marks their items, adds what they feed, and counts in how many of them the watched fields are filled.
 * An event that the site has no more has no prices either. Answers what books contradict each other about, said for the
 * first time. Call under the job's fence.
 */
export async function storeResults(
  tx: Db,
  job: HeldJob,
  step: string,
  results: readonly ItemResult[],
  watched: readonly string[],
): Promise<EventWarning[]> {
  const records = results.flatMap((result) => (result.outcome === 'done' ? result.records : []));
  const { warnings } = await storeRecords(tx, records);
  // What a later step or a backfill misses, an image or a word on a kept page, says nothing about the record it belongs to.
  if (step === job.itemStep && job.backfill === null) {
    if (watched.length > 0 && records.length > 0) await addCoverage(tx, job.id, coverageOf(records, watched));
    const gone = results.flatMap(({ outcome, key }) => (outcome === 'gone' ? [key] : []));
    await withdrawOdds(tx, job.platform, gone);
    await settleListings(tx, job.platform, gone);
  }
  await noteImages(tx, results);
  await markWorkItems(tx, job.id, step, results);
  await addFedItems(tx, job.id, results);
  return warnings;
}
