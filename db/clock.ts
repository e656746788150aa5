/** How this machine's clock stands to the database's, by which everything that is stored goes. */
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';

/** How far this machine's clock is ahead of the database's, and how wrong that can be, as the answer took its time; milliseconds. */
export async function clockAhead(db: Db): Promise<{ aheadMs: number; withinMs: number }> {
  const began = performance.now();
  const [row] = await db.execute<{ at: string }>(sql`select to_jsonb(clock_timestamp()) #>> '{}' as at`);
  const withinMs = (performance.now() - began) / 2;
  return { aheadMs: Date.now() - withinMs - new Date(row?.at ?? '').getTime(), withinMs };
}
