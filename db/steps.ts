/** Rows of steps and failures, as a job really went. Written under the job's lease. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { Failure } from '#scraper/errors.ts';
import type { StepResult } from '#scraper/result.ts';
import type { HeldJob } from './jobs.ts';
import { storable, storableOrNull } from './storable.ts';

/** A step begins. */
export async function insertStep(tx: Db, job: HeldJob, name: string): Promise<void> {
  await tx.execute(sql`
    insert into steps (job_id, attempt, lease, name, status, started_at)
    values (${job.id}, ${job.attempt}, ${job.lease}, ${name}, 'running', now())
    on conflict (job_id, lease, name) do nothing`);
}

/** A step ended, or was not run at all because its work was kept. */
export async function finishStep(tx: Db, job: HeldJob, result: StepResult): Promise<void> {
  await tx.execute(sql`
    insert into steps (job_id, attempt, lease, name, status, items_total, items_done, items_failed, error_kind,
                       error_message, metadata, started_at, finished_at)
    values (${job.id}, ${job.attempt}, ${job.lease}, ${result.name}, ${result.status}, ${result.itemsTotal},
            ${result.itemsDone}, ${result.itemsFailed}, ${result.failure?.kind ?? null},
            ${storableOrNull(result.failure?.detail ?? null)}, ${JSON.stringify(result.counts)}::jsonb, null, now())
    on conflict (job_id, lease, name) do update set
      status = excluded.status, items_total = excluded.items_total, items_done = excluded.items_done,
      items_failed = excluded.items_failed, error_kind = excluded.error_kind, error_message = excluded.error_message,
      metadata = excluded.metadata, finished_at = excluded.finished_at`);
}

/** Marks the list of work items as whole or not. */
export async function setDiscovered(tx: Db, jobId: number, discovered: boolean): Promise<void> {
  await tx.execute(sql`update jobs set discovered = ${discovered} where id = ${jobId}`);
}

/** Closes the steps a holder left open, so that what stopped them stays visible; returns their names. */
export async function closeSteps(tx: Db, jobId: number, failure: Pick<Failure, 'kind' | 'detail'>): Promise<string[]> {
  const rows = await tx.execute<{ name: string }>(sql`
    update steps set status = 'failed', error_kind = ${failure.kind}, error_message = ${storable(failure.detail)},
           finished_at = now()
    where job_id = ${jobId} and finished_at is null returning name`);
  return rows.map((row) => row.name);
}

/** Keeps failures as they happen. */
export async function insertFailures(
  tx: Db,
  job: Pick<HeldJob, 'id' | 'attempt'>,
  failures: readonly Failure[],
): Promise<void> {
  if (failures.length === 0) return;
  const rows = failures.map((failure) => ({
    ...failure,
    detail: storable(failure.detail),
    itemKey: storableOrNull(failure.itemKey),
  }));
  await tx.execute(sql`
    insert into failures (job_id, attempt, step, item_key, kind, headline, detail, retryable, until)
    select ${job.id}, ${job.attempt}, step, "itemKey", kind, headline, detail, retryable, until
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f(step text, "itemKey" text, kind text,
         headline text, detail text, retryable boolean, until timestamptz)`);
}

/** The newest failure of a job, or null. */
export async function latestFailure(tx: Db, jobId: number): Promise<Failure | null> {
  const rows = await tx.execute<Failure & Record<string, unknown>>(sql`
    select kind, headline, detail, retryable, step, item_key as "itemKey", to_jsonb(until) #>> '{}' as until
    from failures where job_id = ${jobId} order by id desc limit 1`);
  return rows[0] ?? null;
}
