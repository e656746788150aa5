/** What monitoring asks the database: totals that only grow, out of what is counted by day, and what is under way. */
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';

/** Totals over all time that is counted, and the present; one row per label. */
export interface DatabaseMetrics {
  runs: { status: string; runs: number }[];
  jobs: { platform: string; status: string; jobs: number; attempts: number }[];
  retries: { platform: string; fixed: number; retries: number }[];
  failures: { platform: string; step: string; kind: string; failures: number }[];
  /** `bucket` is the rounded 20-fold natural logarithm of milliseconds. */
  durations: { platform: string; bucket: number; jobs: number }[];
  /** Jobs that are not finished; `oldest`: since when, in seconds, the oldest has been asked for. */
  unfinished: { status: string; jobs: number; oldest: number }[];
  leftAlone: string[];
}

/** Everything in one round trip. What is counted grows by some rows a day, so that asking stays cheap for years. */
export async function readMetrics(db: Db): Promise<DatabaseMetrics> {
  const rows = (of: ReturnType<typeof sql>) => sql`(select coalesce(json_agg(t), '[]') from (${of}) t)`;
  const [row] = await db.execute<Record<keyof DatabaseMetrics, never>>(sql`
    select ${rows(sql`
        select s.status, s.runs from (select sum(completed) as c, sum(partial) as p, sum(failed) as f, sum(cancelled) as x
                                      from run_days) d
        cross join lateral (values ('completed', coalesce(c, 0)), ('partial', coalesce(p, 0)), ('failed', coalesce(f, 0)),
                                   ('cancelled', coalesce(x, 0))) s (status, runs)`)} as runs,
      ${rows(sql`select platform, status, sum(jobs) as jobs, sum(attempts) as attempts from end_days
                 group by platform, status order by 1, 2`)} as jobs,
      ${rows(sql`select platform, sum(retries) as retries, sum(fixed) as fixed from retry_days
                 group by platform order by 1`)} as retries,
      ${rows(sql`select platform, step, kind, sum(failures) as failures from failure_days
                 group by platform, step, kind order by 1, 2, 3`)} as failures,
      ${rows(sql`select platform, bucket, sum(jobs) as jobs from duration_days
                 group by platform, bucket order by 1, 2`)} as durations,
      ${rows(sql`select s.status, count(j.id) as jobs,
                        coalesce(extract(epoch from now() - min(j.created_at)), 0) as oldest
                 from (values ('pending'), ('running'), ('waiting')) s (status)
                 left join jobs j on j.status = s.status and j.finished_at is null
                 group by s.status order by 1`)} as unfinished,
      (select coalesce(json_agg(platform order by platform), '[]') from breaker_terms where closed_at is null) as "leftAlone"`);
  if (row === undefined) throw new Error('the database gave no row');
  return row;
}
