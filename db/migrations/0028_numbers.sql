-- A retry that a person started, and what it was to fix: the step and kind that decided the newest job before it that ended
-- badly. Cancelled and skipped retries came to nothing either way; re-scrapes and backfills are no retries of a failure.
create view rollup.retries as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform,
       coalesce((select f.step from failures f where f.job_id = s.id and f.kind = s.failure_kind order by f.id limit 1),
                s.from_step) as step,
       s.failure_kind as kind, j.retry_number, (j.status = 'completed')::int as fixed
from jobs j
cross join lateral (
  select p.id, p.failure_kind, p.from_step from jobs p
  where p.root_id = j.root_id and p.platform = j.platform and p.id < j.id and p.status in ('partial','failed')
  order by p.root_id desc, p.platform desc, p.id desc limit 1) s
where j.status in ('completed','partial','failed') and j.retry_number > 0 and not j.rescrape and j.backfill is null;
--> statement-breakpoint
create or replace function rollup.count_job(of_job int) returns void language sql as $$
  insert into platform_days as d (day, platform, jobs, good_jobs, good_items, retries, good_retries)
  select day, platform, 1, good, good_items, retry, good_retry from rollup.jobs where job_id = of_job
  on conflict (day, platform) do update set jobs = d.jobs + 1, good_jobs = d.good_jobs + excluded.good_jobs,
    good_items = d.good_items + excluded.good_items, retries = d.retries + excluded.retries,
    good_retries = d.good_retries + excluded.good_retries;

  insert into duration_days as d (day, platform, bucket, jobs)
  select day, platform, bucket, 1 from rollup.durations where job_id = of_job
  on conflict (day, platform, bucket) do update set jobs = d.jobs + 1;

  insert into step_days as d (day, platform, step, ran, good, items_done, items_failed, took_ms)
  select day, platform, step, count(*), sum(good), sum(items_done), sum(items_failed), sum(took_ms)
  from rollup.steps where job_id = of_job group by day, platform, step
  on conflict (day, platform, step) do update set ran = d.ran + excluded.ran, good = d.good + excluded.good,
    items_done = d.items_done + excluded.items_done, items_failed = d.items_failed + excluded.items_failed,
    took_ms = d.took_ms + excluded.took_ms;

  insert into failure_days as d (day, platform, step, kind, failures, jobs, last_run)
  select day, platform, step, kind, failures, 1, run_id from rollup.failures where job_id = of_job
  on conflict (day, platform, step, kind) do update set failures = d.failures + excluded.failures, jobs = d.jobs + 1,
    last_run = greatest(d.last_run, excluded.last_run);

  insert into retry_days as d (platform, step, kind, retry_number, day, retries, fixed)
  select platform, step, kind, retry_number, day, 1, fixed from rollup.retries where job_id = of_job
  on conflict (platform, step, kind, retry_number, day) do update set retries = d.retries + 1,
    fixed = d.fixed + excluded.fixed;
$$;
--> statement-breakpoint
create or replace function rollup.recount() returns void language sql as $$
  select pg_advisory_xact_lock(hashtext('rescrape:rollup'));
  delete from chain_results;
  delete from platform_days;
  delete from duration_days;
  delete from step_days;
  delete from failure_days;
  delete from retry_days;
  delete from run_days;
  delete from platform_turns;

  insert into chain_results (root_id, platform, day, state) select root_id, platform, day, state from rollup.results;

  insert into platform_days (day, platform, complete, retried, partial, failed, missed, jobs, good_jobs, good_items,
                             retries, good_retries)
  select day, platform, sum(complete), sum(retried), sum(partial), sum(failed), sum(missed), sum(jobs), sum(good_jobs),
         sum(good_items), sum(retries), sum(good_retries)
  from (select day, platform, (state = 'complete')::int as complete, (state = 'retried')::int as retried,
               (state = 'partial')::int as partial, (state = 'failed')::int as failed,
               (state = 'missed')::int as missed, 0 as jobs, 0 as good_jobs, 0 as good_items, 0 as retries,
               0 as good_retries
        from chain_results
        union all
        select day, platform, 0, 0, 0, 0, 0, 1, good, good_items, retry, good_retry from rollup.jobs) counts
  group by day, platform;

  insert into duration_days (day, platform, bucket, jobs)
  select day, platform, bucket, count(*) from rollup.durations group by day, platform, bucket;

  insert into step_days (day, platform, step, ran, good, items_done, items_failed, took_ms)
  select day, platform, step, count(*), sum(good), sum(items_done), sum(items_failed), sum(took_ms)
  from rollup.steps group by day, platform, step;

  insert into failure_days (day, platform, step, kind, failures, jobs, last_run)
  select day, platform, step, kind, sum(failures), count(*), max(run_id) from rollup.failures
  group by day, platform, step, kind;

  insert into retry_days (platform, step, kind, retry_number, day, retries, fixed)
  select platform, step, kind, retry_number, day, count(*), sum(fixed) from rollup.retries
  group by platform, step, kind, retry_number, day;

  insert into run_days (day, completed, partial, failed, cancelled, first_run, last_run)
  select day, sum(completed), sum(partial), sum(failed), sum(cancelled), min(run_id), max(run_id) from rollup.runs
  group by day;

  select rollup.recount_turns(platform) from (select distinct platform from jobs) p;
$$;
--> statement-breakpoint
insert into retry_days (platform, step, kind, retry_number, day, retries, fixed)
select platform, step, kind, retry_number, day, count(*), sum(fixed) from rollup.retries
group by platform, step, kind, retry_number, day;
--> statement-breakpoint
-- For whoever asks in SQL. All of them read what is counted by day, so that they cost the same after any history.
create view retry_success_daily as
select day, platform, step, kind, sum(retries)::int as retries, sum(fixed)::int as fixed,
       round(100.0 * sum(fixed) / sum(retries), 1) as fixed_percent,
       coalesce(sum(retries) filter (where retry_number = 1), 0)::int as first_retries,
       coalesce(sum(fixed) filter (where retry_number = 1), 0)::int as fixed_by_first
from retry_days group by day, platform, step, kind;
--> statement-breakpoint
create view step_success_daily as
select day, platform, step, ran, good, round(100.0 * good / nullif(ran, 0), 1) as good_percent, items_done, items_failed,
       took_ms / nullif(ran, 0) as average_ms
from step_days;
--> statement-breakpoint
create view failure_analysis as
with recent as (
  select platform, step, kind, sum(failures)::int as failures, sum(jobs)::int as jobs, min(day) as first_day,
         max(day) as last_day, max(last_run) as last_run
  from failure_days where day > rollup.day(now()) - 90 group by platform, step, kind),
all_jobs as (
  select platform, sum(jobs) as jobs from platform_days where day > rollup.day(now()) - 90 group by platform),
retried as (
  select platform, step, kind, sum(retries)::int as retries, sum(fixed)::int as fixed
  from retry_days where day > rollup.day(now()) - 90 group by platform, step, kind)
select f.platform, f.step, f.kind, f.failures, f.jobs, round(100.0 * f.jobs / nullif(a.jobs, 0), 1) as jobs_percent,
       f.first_day, f.last_day, f.last_run, coalesce(r.retries, 0) as retries, coalesce(r.fixed, 0) as fixed,
       round(100.0 * r.fixed / r.retries, 1) as fixed_percent
from recent f left join all_jobs a using (platform) left join retried r using (platform, step, kind);
--> statement-breakpoint
comment on view retry_success_daily is
  'What retries came to that people started, per day they ended (UTC), platform, and the step and kind they were to fix; without re-scrapes, backfills, and retries that were cancelled or never began';
--> statement-breakpoint
comment on view step_success_daily is
  'How the steps of a platform went, per day (UTC) their job ended; without backfills';
--> statement-breakpoint
comment on view failure_analysis is
  'What failed in the last 90 days, per platform, step and kind: how often, in how many jobs, when, and what retries by people made of it. Failures that a further attempt overcame count as well';
