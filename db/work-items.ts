/** Work items: stored before they are worked on, marked in the same transaction as their records. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { ItemResult, Seeded, WorkItem, WorkItemSeed } from '#scraper/result.ts';
import type { HeldJob } from './jobs.ts';
import { isSettledImage } from './listing-images.ts';
import { isFinalForNow } from './listings.ts';

/**
 * Stores discovered items. Those already done in this chain, and younger than `maxAgeMs`, are not asked for again, nor
 * are auctions whose result is final: both count as kept. What was gone and is listed again is asked for again. The same
 * item found twice is one row, and finding everything again changes no count.
 */
export async function seedWorkItems(
  tx: Db,
  job: HeldJob,
  step: string,
  seeds: readonly WorkItemSeed[],
  maxAgeMs: number,
): Promise<Seeded> {
  const rows = await tx.execute<{ added: number; kept: number; known: number }>(sql`
    with found as (
      select distinct on (key) key, priority, payload
      from jsonb_to_recordset(${JSON.stringify(seeds)}::jsonb) as s(key text, priority bigint, payload jsonb)
    ), judged as (
      select f.*, exists (
        select 1 from work_items w join jobs j on j.id = w.job_id
        where j.root_id = ${job.rootId} and j.platform = ${job.platform} and j.id <> ${job.id}
          and w.step = ${step} and w.key = f.key and w.status = 'done'
          and w.updated_at > now() - ${maxAgeMs} * interval '1 millisecond') as is_kept,
        l.id is not null as is_final, l.updated_at < r.created_at as before_chain
      from found f join runs r on r.id = ${job.rootId}
      left join listings l on l.platform = ${job.platform} and l.listing_id = f.key and ${isFinalForNow}
    ), stored as (
      insert into work_items (job_id, step, key, priority, payload, status)
      select ${job.id}, ${step}, key, priority, payload,
             case when is_kept or is_final then 'kept' else 'pending' end from judged
      on conflict (job_id, step, key) do update
        set priority = excluded.priority, payload = excluded.payload, discovered_at = now()
        where work_items.status = 'pending'
      returning (xmax = 0) as is_new, status
    )
    select count(*) filter (where is_new and status = 'pending')::int as added,
           (select count(*)::int from judged where is_kept) as kept,
           (select count(*)::int from judged where is_final and before_chain and not is_kept) as known from stored`);
  await tx.execute(sql`
    update jobs set items_total = c.total, items_kept = c.kept, items_gone = c.gone
    from (select count(*)::int as total, count(*) filter (where status = 'kept')::int as kept,
                 count(*) filter (where status = 'gone')::int as gone
          from work_items where job_id = ${job.id} and step = ${step}) c
    where jobs.id = ${job.id}`);
  return rows[0] ?? { added: 0, kept: 0, known: 0 };
}

/**
 * Stores what the records of a batch give later steps to do. The same item given twice is one row; an image that is
 * downloaded already is nothing to do.
 */
export async function addFedItems(tx: Db, jobId: number, results: readonly ItemResult[]): Promise<void> {
  const fed = results.flatMap((result) =>
    result.outcome === 'done' && result.fed !== undefined
      ? result.fed.seeds.map((seed) => ({ ...seed, step: result.fed?.step }))
      : [],
  );
  if (fed.length === 0) return;
  await tx.execute(sql`
    with added as (
      insert into work_items (job_id, step, key, priority, payload)
      select distinct on (step, key) ${jobId}::int, step, key, priority, payload
      from jsonb_to_recordset(${JSON.stringify(fed)}::jsonb) as s(step text, key text, priority bigint, payload jsonb)
      where not exists (select 1 from listing_images i where i.url = s.key and ${isSettledImage})
      order by step, key, priority
      on conflict (job_id, step, key) do nothing
      returning step
    )
    insert into further_items (job_id, step, total) select ${jobId}::int, step, count(*)::int from added group by step
    on conflict (job_id, step) do update set total = further_items.total + excluded.total`);
}

/** Images that another run has brought in the meantime count as kept: they are not asked for again, nor failed any more. */
export async function keepKnownImages(tx: Db, jobId: number, step: string): Promise<void> {
  await tx.execute(sql`
    with known as (
      select w.id, w.failure_kind from work_items w
      where w.job_id = ${jobId} and w.step = ${step} and w.status = 'pending'
        and exists (select 1 from listing_images i where i.url = w.key and ${isSettledImage})
    ), kept as (
      update work_items w set status = 'kept', failure_kind = null, updated_at = now() from known where w.id = known.id
    ), counted as (
      select count(*)::int as n, count(failure_kind)::int as failed from known
    ), further as (
      update further_items f set kept = f.kept + c.n, failed = f.failed - c.failed from counted c
      where f.job_id = ${jobId} and f.step = ${step} and c.n > 0
    )
    update jobs set items_kept = items_kept + c.n, items_failed = items_failed - c.failed from counted c
    where jobs.id = ${jobId} and jobs.item_step = ${step} and c.n > 0`);
}

/** Every item of a step that is still to be done, most urgent first. */
export async function pendingWorkItems(db: Db, jobId: number, step: string): Promise<WorkItem[]> {
  const rows = await db.execute<{
    key: string;
    priority: string;
    payload: Record<string, unknown>;
    attempts: number;
  }>(sql`
    select key, priority, payload, attempts from work_items
    where job_id = ${jobId} and step = ${step} and status = 'pending' order by priority, id`);
  return rows.map((row) => ({ ...row, priority: Number(row.priority), step }));
}

/** Marks what became of a batch of items and brings the job's counters up to date. */
export async function markWorkItems(
  tx: Db,
  jobId: number,
  step: string,
  results: readonly ItemResult[],
): Promise<void> {
  const marks = results.map((result) => ({
    key: result.key,
    status: result.outcome === 'failed' ? 'pending' : result.outcome,
    kind: result.outcome === 'done' ? null : result.failure.kind,
  }));
  // Counted by what was not gone before: a batch that is told twice is counted once.
  await tx.execute(sql`
    with m as (select * from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m(key text, status text, kind text)),
    newly as (
      select count(*)::int as gone from work_items w join m on m.key = w.key
      where w.job_id = ${jobId} and w.step = ${step} and m.status = 'gone' and w.status <> 'gone'),
    marked as (
      update work_items w set status = m.status, failure_kind = m.kind, attempts = w.attempts + 1, updated_at = now()
      from m where w.job_id = ${jobId} and w.step = ${step} and w.key = m.key)
    update jobs set items_gone = items_gone + newly.gone from newly
    where jobs.id = ${jobId} and jobs.item_step = ${step} and newly.gone > 0`);
  await tx.execute(sql`
    with counted as (
      select count(*) filter (where status in ('done', 'gone'))::int as done,
             count(*) filter (where status = 'pending' and failure_kind is not null)::int as failed
      from work_items where job_id = ${jobId} and step = ${step}
    ), further as (
      update further_items f set done = c.done, failed = c.failed from counted c
      where f.job_id = ${jobId} and f.step = ${step}
    )
    update jobs set items_done = c.done, items_failed = c.failed from counted c
    where jobs.id = ${jobId} and jobs.item_step = ${step}`);
}

/**
 * Whether everything that was discovered and is still to be done was discovered within `maxAgeMs`; true when nothing of
 * it is left. What later steps have to do came out of records, and does not age.
 */
export async function workItemsAreFresh(db: Db, jobId: number, maxAgeMs: number): Promise<boolean> {
  const rows = await db.execute<{ fresh: boolean }>(sql`
    select coalesce(min(w.discovered_at) > now() - ${maxAgeMs} * interval '1 millisecond', true) as fresh
    from work_items w join jobs j on j.id = w.job_id and j.item_step = w.step
    where w.job_id = ${jobId} and w.status = 'pending'`);
  return rows[0]?.fresh ?? true;
}

/** What a job's items come to, over all its attempts and with those kept from the chain. */
export async function itemStanding(db: Db, jobId: number): Promise<{ anyDone: boolean; anyPending: boolean }> {
  const rows = await db.execute<{ anyDone: boolean; anyPending: boolean }>(sql`
    select exists (select 1 from work_items where job_id = ${jobId} and status = 'done')
             or (select items_kept > 0 from jobs where id = ${jobId}) as "anyDone",
           exists (select 1 from work_items where job_id = ${jobId} and status = 'pending') as "anyPending"`);
  return rows[0] ?? { anyDone: false, anyPending: false };
}
