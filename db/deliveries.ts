/** What jobs delivered, in numbers: the facts that quality is judged by, and what people said about doubtful ones. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { Person } from './run-facts.ts';

/** How much a platform's job came to, with what it kept from its chain. `delivered` leaves out what was gone. */
export interface Delivery {
  found: number;
  delivered: number;
}

/** One job's delivery so far, and the coverage of the fields that are watched: `*` is the number of records. */
export async function deliveryOf(tx: Db, jobId: number): Promise<Delivery & { coverage: Record<string, number> }> {
  const rows = await tx.execute<{ found: number; delivered: number; coverage: Record<string, number> | null }>(sql`
    select items_total as found, items_kept + items_done - items_gone as delivered, coverage from jobs where id = ${jobId}`);
  const { found, delivered, coverage } = rows[0] ?? { found: 0, delivered: 0, coverage: null };
  return { found, delivered, coverage: coverage ?? {} };
}

/** What the platform's newest good jobs delivered, newest first: those that completed, and those that were accepted. */
export async function goodDeliveries(tx: Db, platform: string, most: number): Promise<Delivery[]> {
  const rows = await tx.execute<Delivery & Record<string, unknown>>(sql`
    select items_total as found, items_kept + items_done - items_gone as delivered from jobs j
    where platform = ${platform} and finished_at is not null and backfill is null
      and (status = 'completed' or exists (select 1 from acceptances a where a.job_id = j.id))
    order by id desc limit ${most}`);
  return [...rows];
}

/** Adds to a job's coverage: `*` for the records of a batch, and one number per watched field. Call under the fence. */
export async function addCoverage(tx: Db, jobId: number, filled: Record<string, number>): Promise<void> {
  await tx.execute(sql`
    update jobs set coverage = coalesce(coverage, '{}') || (
      select jsonb_object_agg(key, coalesce((coverage ->> key)::int, 0) + value::int)
      from jsonb_each_text(${JSON.stringify(filled)}::jsonb))
    where id = ${jobId}`);
}

/** Writes down that somebody takes a job's result as it is. A second row for one job is a unique violation. */
export async function insertAcceptance(
  tx: Db,
  acceptance: { jobId: number; actor: Person; why: string },
): Promise<void> {
  await tx.execute(sql`
    insert into acceptances (job_id, actor, why)
    values (${acceptance.jobId}, ${JSON.stringify(acceptance.actor)}::jsonb, ${acceptance.why})`);
}
