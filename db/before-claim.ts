/** One look before a claim, since there is hardly ever something to end. */
import { selectLeftAlone } from './breakers.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import { selectStale, type StaleLimits } from './handover.ts';
import { selectLost } from './links.ts';

/** Whether any run is stale or lost, or has jobs that are left alone. */
export async function isAnythingToEnd(db: Db, limits: StaleLimits & { graceMs: number }): Promise<boolean> {
  const [row] = await db.execute<{ found: boolean }>(sql`
    select exists (${selectStale(limits)}) or exists (${selectLost(limits.graceMs)}) or exists (${selectLeftAlone()})
      as found`);
  return row?.found === true;
}
