/** Sessions of ours whose process is frozen, or cut off, in the middle of a transaction: what they have locked stays locked. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';

/** No transaction of ours lasts nearly as long, seconds: whoever lives has given it up after ten. */
const LONGEST_S = 15;

/**
 * Ends those sessions; returns how many. Postgres ends by itself what is idle between two statements, but not what stopped
 * between a statement and its parameters, and no setting of versions before 17 makes it.
 */
export async function endFrozen(db: Db): Promise<number> {
  const rows = await db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
      and application_name in ('rescrape bot', 'rescrape worker', 'rescrape queue', 'rescrape heartbeat')
      and wait_event = 'ClientRead' and xact_start < now() - ${LONGEST_S} * interval '1 second'`);
  return rows.length;
}
