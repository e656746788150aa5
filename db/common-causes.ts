/** Common causes: attempts of several platforms that failed in the same way, at about the same time. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { HeldJob } from './jobs.ts';
import type { CommonCause } from './run-facts.ts';

/** Failures of two platforms have a common cause when they are no further apart, milliseconds; or in the same run. */
export const ALIKE_WITHIN_MS = 300_000;

/** A cause as it comes out of JSON. */
export interface CauseRow extends Omit<CommonCause, 'since' | 'openedAt' | 'closedAt'> {
  since: string;
  openedAt: string;
  closedAt: string | null;
}

/** A cause as JSON, of `common_causes c`. */
export const causeFacts = sql`jsonb_build_object(
  'id', c.id, 'fingerprint', c.fingerprint, 'platforms', c.platforms, 'since', c.since, 'openedAt', c.opened_at,
  'openedRun', c.opened_run, 'closedAt', c.closed_at, 'closedRun', c.closed_run)`;

/** A cause as facts. */
export function toCause(row: CauseRow): CommonCause {
  return {
    ...row,
    since: new Date(row.since),
    openedAt: new Date(row.openedAt),
    closedAt: row.closedAt === null ? null : new Date(row.closedAt),
  };
}

/**
 * Lets attempts that end at the same moment be compared one after the other: neither would see the other. Lock the run
 * and the job first, as everywhere.
 */
export async function lockCauses(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rescrape:common-cause'))`);
}

/** Notes how an attempt failed, and joins the cause it has in common with others, or begins it. Call under {@link lockCauses}. */
export async function noteFailure(tx: Db, job: HeldJob, fingerprint: string): Promise<void> {
  await tx.execute(
    sql`update jobs set fingerprint = ${fingerprint}, failed_at = clock_timestamp() where id = ${job.id}`,
  );
  const known = await tx.execute(sql`
    update common_causes set platforms = case when ${job.platform} = any (platforms) then platforms
      else platforms || ${job.platform}::text end
    where fingerprint = ${fingerprint} and closed_at is null returning id`);
  if (known.length > 0) return;
  await tx.execute(sql`
    with alike as (
      select o.platform, max(o.failed_at) as at from jobs o
      where o.fingerprint = ${fingerprint} and o.platform <> ${job.platform} and o.backfill is null
        and (o.run_id = ${job.runId} or o.failed_at > now() - interval '${sql.raw(String(ALIKE_WITHIN_MS))} milliseconds')
        and not exists (select 1 from jobs n where n.platform = o.platform and n.id > o.id and n.status = 'completed')
      group by o.platform)
    insert into common_causes (fingerprint, platforms, since, opened_run, opened_at)
    select ${fingerprint}, array_agg(platform order by at) || ${job.platform}::text, min(at), ${job.runId},
           (select failed_at from jobs where id = ${job.id})
    from alike having count(*) > 0`);
}

/** An attempt did not fail like this any more: what it is remembered for is gone. */
export async function forgetFailure(tx: Db, jobId: number): Promise<void> {
  await tx.execute(
    sql`update jobs set fingerprint = null, failed_at = null where id = ${jobId} and fingerprint is not null`,
  );
}

/**
 * Ends a cause that has not ended, unless it is the one of `fingerprint`; returns the chains that tell of it and the jobs
 * that waited for it.
 */
export async function endCause(
  tx: Db,
  causeId: number,
  runId: number,
  fingerprint: string | null,
): Promise<{ roots: number[]; waiting: number[] } | null> {
  const rows = await tx.execute<{ roots: number[] | null; waiting: number[] | null }>(sql`
    with c as (
      update common_causes set closed_at = clock_timestamp(), closed_run = ${runId}
      where id = ${causeId} and closed_at is null and fingerprint is distinct from ${fingerprint} returning *)
    select
      (select json_agg(distinct j.root_id) from jobs j
       where j.fingerprint = c.fingerprint and j.failed_at >= c.since) as roots,
      (select json_agg(j.id order by j.id) from jobs j
       where j.finished_at is null and j.status in ('pending', 'waiting') and j.platform = any (c.platforms)) as waiting
    from c`);
  const [row] = rows;
  return row === undefined ? null : { roots: row.roots ?? [], waiting: row.waiting ?? [] };
}

/** The open cause of a platform, for a claim of `jobs`: its id, or null. */
export const causeOfJob = sql`(select max(c.id) from common_causes c
  where c.closed_at is null and jobs.backfill is null and jobs.platform = any (c.platforms))`;

/**
 * Whether a job `j` waits because of a cause `c` until another platform of its run was tried: the first of those that
 * are left goes, the rest follow when it got on, or came to its end. What a person asked for again is let through.
 */
export const waitsForAnother = sql`c.closed_at is null and j.status in ('pending', 'waiting') and j.backfill is null
  and (j.retry_number = 0 or j.rescrape) and j.platform = any (c.platforms)
  and exists (select 1 from jobs o where o.run_id = j.run_id and o.id < j.id and o.finished_at is null
    and o.platform = any (c.platforms))
  and not exists (select 1 from jobs o where o.run_id = j.run_id and o.finished_at is not null
    and o.fingerprint = c.fingerprint and o.failed_at > c.opened_at)`;
