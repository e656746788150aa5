/** Writes to runs, jobs and actions. Called by `bot/run-service.ts` only, always inside its transaction. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { JobStatus, Person, RunStatus } from './run-facts.ts';

/** A run to be written, with its jobs. */
export interface NewRun {
  trigger: string;
  /** Unique for ever: the same request, delivered twice, can make one run only. */
  triggerKey: string;
  retryOf: number | null;
  /** The run that lost its connection and is scraped again by this one. */
  rescrapeOf?: number;
  /** Null for a root run: it is its own root. */
  rootId: number | null;
  requestedBy: Person;
  homeSurface: string | null;
  jobs: NewJob[];
}

export interface NewJob {
  platform: string;
  retryNumber: number;
  fromStep: string;
  /** The step it is measured by; a job that continues another is measured as that one. */
  itemStep?: string;
  /** What it backfills; a job that continues another backfills the same. */
  backfill?: string;
  sourceJobId: number | null;
}

/** Inserts a run and its jobs; returns their ids, jobs in the order given. */
export async function insertRun(tx: Db, run: NewRun): Promise<{ runId: number; jobIds: number[] }> {
  const platforms = run.jobs.map((job) => job.platform);
  // People type these numbers, so they follow one another: what a crash or a rollback has used up of the sequence is given
  // back. Runs are numbered one at a time, under a lock that is held until the transaction ends.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rescrape:run-number'))`);
  const inserted = await tx.execute<{ id: number }>(sql`
    with fresh as (select setval(pg_get_serial_sequence('runs', 'id'), coalesce(max(id), 0) + 1)::int as id from runs)
    insert into runs (id, trigger, trigger_key, retry_of, rescrape_of, root_id, platforms, requested_by, home_surface)
    select id, ${run.trigger}, ${run.triggerKey}, ${run.retryOf}::int,
           ${run.rescrapeOf ?? null}::int, coalesce(${run.rootId}::int, id),
           array(select jsonb_array_elements_text(${JSON.stringify(platforms)}::jsonb)),
           ${JSON.stringify(run.requestedBy)}::jsonb, ${run.homeSurface}
    from fresh returning id`);
  const runId = first(inserted).id;
  const jobs = await tx.execute<{ id: number; platform: string }>(sql`
    insert into jobs (run_id, root_id, platform, retry_number, rescrape, from_step, item_step, backfill, source_job_id)
    select ${runId}::int, ${run.rootId ?? runId}::int, j.platform, j."retryNumber", ${run.rescrapeOf !== undefined}::boolean,
           j."fromStep", coalesce(j."itemStep", source.item_step, 'extract'), coalesce(j.backfill, source.backfill),
           j."sourceJobId"
    from rows from (json_to_recordset(${JSON.stringify(run.jobs)}::text::json) as (platform text, "retryNumber" int,
           "fromStep" text, "itemStep" text, backfill text, "sourceJobId" int)) with ordinality
           as j (platform, "retryNumber", "fromStep", "itemStep", backfill, "sourceJobId", place)
    left join jobs source on source.id = j."sourceJobId"
    order by j.place returning id, platform`);
  const ids = new Map(jobs.map(({ platform, id }) => [platform, id]));
  return { runId, jobIds: run.jobs.map(({ platform }) => ids.get(platform) ?? missing(platform)) };
}

function missing(platform: string): never {
  throw new Error(`the job of ${platform} was not written`);
}

/**
 * Hands the missing work items of an older job to its retry, with what was kept counted. `discovered`: the older job's
 * list is taken over; otherwise it is made anew, and only what later steps still had to do is handed on.
 * The older job's rows are only read: a retry never changes them.
 */
export async function inheritWorkItems(
  tx: Db,
  jobId: number,
  sourceJobId: number,
  { discovered }: { discovered: boolean },
): Promise<void> {
  await tx.execute(sql`
    insert into work_items (job_id, step, key, priority, payload, attempts, discovered_at)
    select ${jobId}, w.step, w.key, w.priority, w.payload, w.attempts, w.discovered_at
    from work_items w join jobs source on source.id = w.job_id
    where w.job_id = ${sourceJobId} and w.status = 'pending' and (${discovered} or w.step <> source.item_step)`);
  await tx.execute(sql`
    insert into further_items (job_id, step, total, kept)
    select ${jobId}, step, total, kept + done from further_items where job_id = ${sourceJobId}`);
  if (!discovered) return;
  await tx.execute(sql`
    update jobs set discovered = true, items_total = source.items_total,
           items_kept = source.items_kept + source.items_done, items_gone = source.items_gone, coverage = source.coverage
    from jobs source where jobs.id = ${jobId} and source.id = ${sourceJobId}`);
}

/** How the jobs of a run stand, for folding; `lost`: it was left out because its run lost its connection. */
export async function jobEnds(tx: Db, runId: number): Promise<{ status: JobStatus; lost: boolean }[]> {
  const rows = await tx.execute<{ status: JobStatus; lost: boolean }>(sql`
    select status, status = 'skipped' and failure_kind = 'connection_lost' as lost from jobs where run_id = ${runId}`);
  return [...rows];
}

/** Closes a run; a run that is already closed stays as it is. */
export async function closeRun(tx: Db, runId: number, status: RunStatus): Promise<void> {
  await tx.execute(sql`
    update runs set status = ${status}, finished_at = now(), started_at = coalesce(started_at, now())
    where id = ${runId} and finished_at is null`);
}

/** Closes a run that somebody ended before it was done. */
export async function closeCancelledRun(tx: Db, runId: number, status: RunStatus, by: Person): Promise<void> {
  await tx.execute(sql`
    update runs set status = ${status}, finished_at = now(), started_at = coalesce(started_at, now()),
           cancelled_by = ${JSON.stringify(by)}::jsonb
    where id = ${runId} and finished_at is null`);
}

/** Whether any run is still to end. */
export async function hasUnfinishedRuns(db: Db): Promise<boolean> {
  const rows = await db.execute(sql`select 1 from runs where finished_at is null limit 1`);
  return rows.length > 0;
}

/** Runs that still work, newest first. */
export async function unfinishedRuns(db: Db, limit: number): Promise<{ id: number; platforms: string[] }[]> {
  const rows = await db.execute<{ id: number; platforms: string[] }>(
    sql`select id, to_jsonb(platforms) as platforms from runs where finished_at is null order by id desc limit ${limit}`,
  );
  return [...rows];
}

/** One request as it was answered. */
export interface ActionRow {
  outcome: string;
  answer: unknown;
  runId: number | null;
}

/** The stored answer to a request that was handled before, or null. */
export async function findAction(db: Db, surface: string, id: string): Promise<ActionRow | null> {
  const rows = await db.execute<{ outcome: string; answer: unknown; run_id: number | null }>(
    sql`select outcome, answer, run_id from actions where surface = ${surface} and id = ${id}`,
  );
  const row = rows[0];
  return row === undefined ? null : { outcome: row.outcome, answer: row.answer, runId: row.run_id };
}

/** Writes down who asked for what and what came of it. A second row for the same request is a unique violation. */
export async function insertAction(
  tx: Db,
  action: ActionRow & { surface: string; id: string; actor: Person; name: string; args: Record<string, unknown> },
): Promise<void> {
  await tx.execute(sql`
    insert into actions (surface, id, actor, name, args, outcome, answer, run_id)
    values (${action.surface}, ${action.id}, ${JSON.stringify(action.actor)}::jsonb, ${action.name},
            ${JSON.stringify(action.args)}::jsonb, ${action.outcome}, ${JSON.stringify(action.answer)}::jsonb,
            ${action.runId})`);
}

/** Tells every listener that something about this chain changed; delivered when the transaction commits. */
export async function announce(tx: Db, rootId: number): Promise<void> {
  await tx.execute(sql`select pg_notify(${RUNS_CHANNEL}, ${String(rootId)})`);
}

/** Tells every worker that jobs were taken from under it; delivered when the transaction commits. */
export async function announceCancelled(tx: Db, runId: number): Promise<void> {
  await tx.execute(sql`select pg_notify(${CANCELLED_CHANNEL}, ${String(runId)})`);
}

/** The channel on which workers hear that a run was cancelled; the payload is its id. */
export const CANCELLED_CHANNEL = 'rescrape_cancelled';

/** The channel on which changed chains are announced; the payload is the root's id. */
export const RUNS_CHANNEL = 'rescrape_runs';

function first<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}
