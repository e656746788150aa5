/** Heartbeats of leases, by plain SQL: the thread that sends them loads nothing else. */
import { lend, type Pool } from './pool.ts';

/** How often a holder is heard of, and most a beat may take, the waiting for a connection included; milliseconds. */
export const BEAT_MS = 5_000;

/** A job's number, and which of its leases somebody holds. */
export interface Lease {
  id: number;
  lease: number;
}

// As text first: the driver would write what is JSON already as JSON once more.
const text = `
  with mine as (
    select jobs.id from jobs join jsonb_to_recordset($1::text::jsonb) as h(id int, lease bigint)
      on jobs.id = h.id and jobs.lease = h.lease
    where jobs.status = 'running' order by jobs.id for no key update of jobs)
  update jobs set heartbeat_at = now() from mine where jobs.id = mine.id returning jobs.id`;

/**
 * Shows that a holder lives. Returns the leases that still hold; the others have been taken. Jobs are locked in the order
 * of their ids, as by everybody who locks several. Rejects with what the database answered, or that it did not in time.
 */
export async function beat(pool: Pool, held: readonly Lease[]): Promise<Set<number>> {
  const params = [JSON.stringify(held)];
  const rows = await lend(pool, BEAT_MS, (link, left) => link.run({ text, params, deadlineMs: left(BEAT_MS) }));
  return new Set((rows as unknown as { id: number }[]).map(({ id }) => id));
}
