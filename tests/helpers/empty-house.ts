/** Empties the tables between tests. */
import type { Db } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { withRetries } from '#db/errors.ts';

/** Numbers begin at 1 again. The queue looks after its table at the same time, so it is emptied row by row. */
export async function emptyHouse(db: Db): Promise<void> {
  await withRetries(() => db.execute(sql`delete from pgboss.job`));
  await withRetries(() =>
    db.execute(
      sql`truncate runs, jobs, acceptances, files, steps, failures, work_items, actions, posts, notices, outages, surface_links, breaker_terms, common_causes, host_pauses restart identity cascade`,
    ),
  );
  await withRetries(() => db.execute(sql`select rollup.recount()`));
}
