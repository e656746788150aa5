/**
 * Reads how platforms, steps and retries did. Days come out of what is counted by day, so that they cost the same after any
 * history; the last 24 hours are counted from the jobs that ended in them, found by an index.
 */
import type { Db } from './client.ts';
import { sql, type SQL } from './drizzle.ts';
import { reachedMs } from './durations.ts';
import type { Numbers, PlatformNumbers, Span } from './number-facts.ts';

/** Rows of failures and of retries that are read at most. */
const MOST_ROWS = 20;

/** The numbers of the last 24 hours to the second, or of as many days in UTC, today included. */
export async function readNumbers(db: Db, span: Span): Promise<Numbers> {
  const of = span === '24h' ? lastDay : lastDays(Number.parseInt(span, 10));
  const [row] = await db.execute<{
    platforms: Omit<PlatformNumbers, 'tookMs' | 'steps'>[];
    steps: { platform: string; step: string; ran: number; good: number }[];
    durations: { platform: string; bucket: number; jobs: number }[];
    failures: Numbers['failures'];
    retries: Numbers['retries'];
  }>(sql`
    select
      (select coalesce(json_agg(p order by p.platform), '[]') from (
        select platform, sum(jobs - retries)::int as jobs, sum(good_jobs - good_retries)::int as good,
               sum(retries)::int as retries, sum(good_retries)::int as "goodRetries"
        from (${of.jobs}) d group by platform having sum(jobs) > 0) p) as platforms,
      (select coalesce(json_agg(s order by s.runs desc, s.step), '[]') from (
        select platform, step, sum(ran)::int as ran, sum(good)::int as good, sum(ran) as runs
        from (${of.steps}) d group by platform, step) s) as steps,
      (select coalesce(json_agg(t order by t.bucket), '[]') from (
        select platform, bucket, sum(jobs)::int as jobs from (${of.durations}) d group by platform, bucket) t) as durations,
      (select coalesce(json_agg(f order by f.jobs desc, f."lastRun" desc, f.platform, f.step, f.kind), '[]') from (
        select platform, step, kind, sum(jobs)::int as jobs, max(last_run) as "lastRun" from (${of.failures}) d
        group by platform, step, kind order by 4 desc, 5 desc limit ${MOST_ROWS}) f) as failures,
      (select coalesce(json_agg(r order by r.retries desc, r.platform, r.step, r.kind), '[]') from (
        select platform, step, kind, sum(retries)::int as retries, sum(fixed)::int as fixed from (${of.retries}) d
        group by platform, step, kind order by 4 desc limit ${MOST_ROWS}) r) as retries`);
  if (row === undefined) return { platforms: [], failures: [], retries: [] };
  const { failures, retries, steps, durations } = row;
  const platforms = row.platforms.map((one): PlatformNumbers => ({
    ...one,
    tookMs: tookMs(durations.filter(({ platform }) => platform === one.platform)),
    steps: steps
      .filter(({ platform }) => platform === one.platform)
      .map(({ step, ran, good }) => ({ step, ran, good })),
  }));
  return { platforms, failures, retries };
}

/** The same five tables, whichever time they are about. */
type Source = Record<'jobs' | 'steps' | 'durations' | 'failures' | 'retries', SQL>;

function lastDays(days: number): Source {
  const since = sql`day > rollup.day(now()) - ${days}::int`;
  return {
    jobs: sql`select platform, jobs, good_jobs, retries, good_retries from platform_days where ${since}`,
    steps: sql`select platform, step, ran, good from step_days where ${since}`,
    durations: sql`select platform, bucket, jobs from duration_days where ${since}`,
    failures: sql`select platform, step, kind, jobs, last_run from failure_days where ${since}`,
    retries: sql`select platform, step, kind, retries, fixed from retry_days where ${since}`,
  };
}

/** As an array, so that the planner asks every table by its index, whatever it thinks of how many there are. */
const recent = sql`job_id = any (array(select id from jobs where finished_at > now() - interval '24 hours'))`;

const lastDay: Source = {
  jobs: sql`select platform, 1 as jobs, good as good_jobs, retry as retries, good_retry as good_retries
            from rollup.jobs where ${recent}`,
  steps: sql`select platform, step, 1 as ran, good from rollup.steps where ${recent}`,
  durations: sql`select platform, bucket, 1 as jobs from rollup.durations where ${recent}`,
  failures: sql`select platform, step, kind, 1 as jobs, run_id as last_run from rollup.failures where ${recent}`,
  retries: sql`select platform, step, kind, 1 as retries, fixed from rollup.retries where ${recent}`,
};

function tookMs(counted: readonly { bucket: number; jobs: number }[]): PlatformNumbers['tookMs'] {
  if (counted.length === 0) return null;
  const sorted = counted.map(({ bucket, jobs }) => [bucket, jobs] as const);
  const all = counted.reduce((sum, { jobs }) => sum + jobs, 0);
  const at = (share: number) => reachedMs(sorted, share * all);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
