/** Work items: stored before they are worked on, marked in the same transaction as their records. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { ItemResult, WorkItem, WorkItemSeed } from '#scraper/result.ts';
import type { HeldJob } from './jobs.ts';

/**
 * Stores discovered items. Those already done in this chain, and younger than `maxAgeMs`, are not asked for again:
 * they count as kept. The same item found twice is one row.
 */
export async function seedWorkItems(
  tx: Db,
  job: HeldJob,
  step: string,
  seeds: readonly WorkItemSeed[],
  maxAgeMs: number,
): Promise<{ added: number; kept: number }> {
  const rows = await tx.execute<{ added: number; kept: number }>(sql`
    with found as (
      select distinct on (key) key, priority, payload
      from jsonb_to_recordset(${JSON.stringify(seeds)}::jsonb) as s(key text, priority bigint, payload jsonb)
    ), kept as (
      select f.key from found f where exists (
        select 1 from work_items w join jobs j on j.id = w.job_id
        where j.root_id = ${job.rootId} and j.platform = ${job.platform} and j.id <> ${job.id}
          and w.step = ${step} and w.key = f.key and w.status <> 'pending'
          and w.updated_at > now() - ${maxAgeMs} * interval '1 millisecond')
    ), added as (
      insert into work_items (job_id, step, key, priority, payload)
      select ${job.id}, ${step}, key, priority, payload from found where key not in (select key from kept)
      on conflict (job_id, step, key) do update
        set priority = excluded.priority, payload = excluded.payload, discovered_at = now()
        where work_items.status = 'pending'
      returning (xmax = 0) as is_new
    )
    select (select count(*)::int from added where is_new) as added, (select count(*)::int from kept) as kept`);
  const { added, kept } = rows[0] ?? { added: 0, kept: 0 };
  await tx.execute(sql`
    update jobs set items_total = items_total + ${added + kept}, items_kept = items_kept + ${kept}
    where id = ${job.id}`);
  return { added, kept };
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
  await tx.execute(sql`
    update work_items w set status = m.status, failure_kind = m.kind, attempts = w.attempts + 1, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m(key text, status text, kind text)
    where w.job_id = ${jobId} and w.step = ${step} and w.key = m.key`);
  await tx.execute(sql`
    update jobs set items_done = c.done, items_failed = c.failed
    from (select count(*) filter (where status <> 'pending')::int as done,
                 count(*) filter (where status = 'pending' and failure_kind is not null)::int as failed
          from work_items where job_id = ${jobId}) c
    where jobs.id = ${jobId}`);
}

/** Whether everything still to be done was discovered within `maxAgeMs`; true when nothing is left to do. */
export async function workItemsAreFresh(db: Db, jobId: number, maxAgeMs: number): Promise<boolean> {
  const rows = await db.execute<{ fresh: boolean }>(sql`
    select coalesce(min(discovered_at) > now() - ${maxAgeMs} * interval '1 millisecond', true) as fresh
    from work_items where job_id = ${jobId} and status = 'pending'`);
  return rows[0]?.fresh ?? true;
}

/** Whether this job has stored anything, in whichever attempt. */
export async function hasDoneItems(db: Db, jobId: number): Promise<boolean> {
  const rows = await db.execute(sql`select 1 from work_items where job_id = ${jobId} and status = 'done' limit 1`);
  return rows.length > 0;
}
