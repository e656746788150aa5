-- How a job ended, whatever it came to. What never began made no attempt; a backfill counts as a run, and in nothing else.
create view rollup.ends as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform, j.status,
       case when j.started_at is null then 0 else j.attempt end as attempts
from jobs j where j.finished_at is not null and j.backfill is null;
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

  insert into end_days as d (day, platform, status, jobs, attempts)
  select day, platform, status, 1, attempts from rollup.ends where job_id = of_job
  on conflict (day, platform, status) do update set jobs = d.jobs + 1, attempts = d.attempts + excluded.attempts;
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
  delete from end_days;
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

  insert into end_days (day, platform, status, jobs, attempts)
  select day, platform, status, count(*), sum(attempts) from rollup.ends group by day, platform, status;

  insert into run_days (day, completed, partial, failed, cancelled, first_run, last_run)
  select day, sum(completed), sum(partial), sum(failed), sum(cancelled), min(run_id), max(run_id) from rollup.runs
  group by day;

  select rollup.recount_turns(platform) from (select distinct platform from jobs) p;
$$;
--> statement-breakpoint
insert into end_days (day, platform, status, jobs, attempts)
select day, platform, status, count(*), sum(attempts) from rollup.ends group by day, platform, status;
