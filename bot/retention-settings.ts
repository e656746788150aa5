/** How long things are kept. */
import { z } from 'zod';

const days = z.number().min(0).max(36_500);

/** Days; 0 keeps for ever. What is counted by day stays in any case. */
export const RetentionSettings = z
  .strictObject({
    /** What each run was to fetch, and what it delivered: for retries, `/scrape missing` and `/scrape export`. */
    workItemsDays: days.default(90),
    /** How prices moved. */
    priceChangesDays: days.default(365),
    /** Runs with everything that belongs to them. */
    runsDays: days.default(730),
  })
  .prefault({});
export type RetentionSettings = z.infer<typeof RetentionSettings>;

/** Times that contradict each other, as sentences for people. */
export function retentionFaults({
  retention,
  retry,
}: {
  retention: RetentionSettings;
  retry: { maxRunAgeDays: number };
}): string[] {
  const { workItemsDays, priceChangesDays, runsDays } = retention;
  const kept = (time: number) => (time === 0 ? Number.POSITIVE_INFINITY : time);
  const faults: string[] = [];
  if (kept(workItemsDays) < retry.maxRunAgeDays) {
    faults.push('retention.workItemsDays must not be less than retry.maxRunAgeDays: a retry continues with work items');
  }
  if (kept(runsDays) < kept(workItemsDays) && workItemsDays !== 0) {
    faults.push('retention.runsDays must not be less than retention.workItemsDays, which go with their run');
  }
  if (kept(priceChangesDays) < kept(workItemsDays) + retry.maxRunAgeDays && priceChangesDays !== 0) {
    faults.push(
      'retention.priceChangesDays must be at least retention.workItemsDays plus retry.maxRunAgeDays, or 0: an export of an old run tells its prices by how they moved since',
    );
  }
  return faults;
}
