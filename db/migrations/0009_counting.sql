-- What each row of history adds to the rollups. Both ways of counting read these views: the triggers for what has just
-- ended, and rollup.recount() for everything.
create schema rollup;
--> statement-breakpoint
create function rollup.day(at timestamptz) returns date language sql immutable parallel safe as
$$ select (at at time zone 'UTC')::date $$;
--> statement-breakpoint
-- A job that ended, and whether it is good: it completed, or somebody took its result as it is.
create view rollup.ended_jobs as
select j.id as job_id, j.run_id, j.root_id, j.platform, j.status, j.retry_number, j.items_kept, j.items_done,
       j.failure_kind, j.started_at, j.finished_at, rollup.day(j.finished_at) as day,
       j.status = 'completed' or exists (select 1 from acceptances a where a.job_id = j.id) as good
from jobs j where j.finished_at is not null;
--> statement-breakpoint
-- A chain's result for a platform is its newest job there; a retry that was cancelled or never started is no result.
create view rollup.results as
select distinct on (j.root_id, j.platform) j.root_id, j.platform, rollup.day(r.created_at) as day,
       case when j.good and j.run_id = j.root_id then 'complete'
            when j.good then 'retried'
            when j.status in ('partial','failed') then j.status
            else 'missed' end as state
from rollup.ended_jobs j join runs r on r.id = j.root_id
order by j.root_id, j.platform, (j.status in ('skipped','cancelled')), j.job_id desc;
--> statement-breakpoint
create view rollup.jobs as
select j.job_id, j.day, j.platform, j.good::int as good,
       case when j.good then j.items_kept + j.items_done else 0 end as good_items,
       (j.retry_number > 0)::int as retry, (j.retry_number > 0 and j.good)::int as good_retry
from rollup.ended_jobs j where j.status in ('completed','partial','failed');
--> statement-breakpoint
-- Only whole scrapes are timed: a retry of what was missing says nothing about how long a platform takes.
create view rollup.durations as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform,
       round(20 * ln(greatest(1, 1000 * extract(epoch from j.finished_at - j.started_at))))::smallint as bucket
from jobs j where j.status = 'completed' and j.items_kept = 0 and j.started_at is not null;
--> statement-breakpoint
create view rollup.steps as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform, s.name as step, (s.status = 'success')::int as good,
       s.items_done, s.items_failed,
       coalesce(round(1000 * extract(epoch from s.finished_at - s.started_at)), 0)::bigint as took_ms
from steps s join jobs j on j.id = s.job_id
where j.finished_at is not null and s.status in ('success','failed');
--> statement-breakpoint
create view rollup.failures as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform, f.step, f.kind, count(*)::int as failures, j.run_id
from failures f join jobs j on j.id = f.job_id
where j.finished_at is not null
group by j.id, f.step, f.kind;
--> statement-breakpoint
create view rollup.runs as
select r.id as run_id, rollup.day(r.created_at) as day, (r.status = 'completed')::int as completed,
       (r.status = 'partial')::int as partial, (r.status in ('failed','connection_failed'))::int as failed,
       (r.status = 'cancelled')::int as cancelled
from runs r where r.finished_at is not null;
--> statement-breakpoint
-- One more (or one less) chain of this state on this day.
create function rollup.add_result(on_day date, of_platform text, of_state text, n int) returns void language sql as $$
  insert into platform_days as d (day, platform, complete, retried, partial, failed, missed)
  select on_day, of_platform, n * (of_state = 'complete')::int, n * (of_state = 'retried')::int,
         n * (of_state = 'partial')::int, n * (of_state = 'failed')::int, n * (of_state = 'missed')::int
  on conflict (day, platform) do update set complete = d.complete + excluded.complete,
    retried = d.retried + excluded.retried, partial = d.partial + excluded.partial,
    failed = d.failed + excluded.failed, missed = d.missed + excluded.missed
$$;
--> statement-breakpoint
-- Sees to it that a chain's present result for a platform is the one that is counted; may be called any number of times.
create function rollup.count_result(of_root int, of_platform text) returns void language plpgsql as $$
declare
  counted chain_results;
  present record;
begin
  select * into counted from chain_results c where c.root_id = of_root and c.platform = of_platform;
  select * into present from rollup.results r where r.root_id = of_root and r.platform = of_platform;
  if present.state is null or present.state is not distinct from counted.state then return; end if;
  if counted.state is not null then
    perform rollup.add_result(counted.day, of_platform, counted.state, -1);
  end if;
  perform rollup.add_result(present.day, of_platform, present.state, 1);
  insert into chain_results (root_id, platform, day, state) values (of_root, of_platform, present.day, present.state)
  on conflict (root_id, platform) do update set state = excluded.state, day = excluded.day;
end $$;
--> statement-breakpoint
create function rollup.count_job(of_job int) returns void language sql as $$
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
$$;
--> statement-breakpoint
-- A turn is noted when a platform's result is of the other sort than the one before.
create function rollup.count_turn(of_job int) returns void language sql as $$
  insert into platform_turns (platform, good, run_id, status, failure_kind, at)
  select j.platform, j.good, j.run_id, j.status, j.failure_kind, j.finished_at
  from rollup.ended_jobs j
  where j.job_id = of_job and j.status in ('completed','partial','failed')
    and j.good is distinct from
        (select t.good from platform_turns t where t.platform = j.platform order by t.id desc limit 1)
$$;
--> statement-breakpoint
create function rollup.recount_turns(of_platform text) returns void language sql as $$
  delete from platform_turns where platform = of_platform;
  insert into platform_turns (platform, good, run_id, status, failure_kind, at)
  select platform, good, run_id, status, failure_kind, finished_at
  from (select j.*, lag(j.good) over (order by j.finished_at, j.job_id) as before
        from rollup.ended_jobs j where j.platform = of_platform and j.status in ('completed','partial','failed')) j
  where good is distinct from before order by finished_at, job_id;
$$;
--> statement-breakpoint
-- All of these run as the transaction commits, one transaction at a time: nothing waits for a lock while it holds these rows.
create function rollup.job_ended() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('rescrape:rollup'));
  perform rollup.count_job(new.id), rollup.count_result(new.root_id, new.platform), rollup.count_turn(new.id);
  return null;
end $$;
--> statement-breakpoint
create function rollup.run_ended() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('rescrape:rollup'));
  insert into run_days as d (day, completed, partial, failed, cancelled, first_run, last_run)
  select day, completed, partial, failed, cancelled, run_id, run_id from rollup.runs where run_id = new.id
  on conflict (day) do update set completed = d.completed + excluded.completed, partial = d.partial + excluded.partial,
    failed = d.failed + excluded.failed, cancelled = d.cancelled + excluded.cancelled,
    first_run = least(d.first_run, excluded.first_run), last_run = greatest(d.last_run, excluded.last_run);
  return null;
end $$;
--> statement-breakpoint
-- A job that is taken as it is counts as good from its day on.
create function rollup.job_accepted() returns trigger language plpgsql as $$
declare
  job rollup.ended_jobs;
begin
  perform pg_advisory_xact_lock(hashtext('rescrape:rollup'));
  select * into job from rollup.ended_jobs j where j.job_id = new.job_id;
  update platform_days d set good_jobs = d.good_jobs + j.good, good_items = d.good_items + j.good_items,
    good_retries = d.good_retries + j.good_retry
  from rollup.jobs j where j.job_id = new.job_id and job.status <> 'completed' and d.day = j.day
    and d.platform = j.platform;
  perform rollup.count_result(job.root_id, job.platform), rollup.recount_turns(job.platform);
  return null;
end $$;
--> statement-breakpoint
create constraint trigger job_accepted after insert on acceptances deferrable initially deferred for each row
  execute function rollup.job_accepted();
--> statement-breakpoint
create constraint trigger job_ended after update on jobs deferrable initially deferred for each row
  when (old.finished_at is null and new.finished_at is not null) execute function rollup.job_ended();
--> statement-breakpoint
create constraint trigger job_inserted after insert on jobs deferrable initially deferred for each row
  when (new.finished_at is not null) execute function rollup.job_ended();
--> statement-breakpoint
create constraint trigger run_ended after update on runs deferrable initially deferred for each row
  when (old.finished_at is null and new.finished_at is not null) execute function rollup.run_ended();
--> statement-breakpoint
create constraint trigger run_inserted after insert on runs deferrable initially deferred for each row
  when (new.finished_at is not null) execute function rollup.run_ended();
--> statement-breakpoint
-- Counts everything that is kept anew. Days whose runs were removed meanwhile are gone afterwards.
create function rollup.recount() returns void language sql as $$
  select pg_advisory_xact_lock(hashtext('rescrape:rollup'));
  delete from chain_results;
  delete from platform_days;
  delete from duration_days;
  delete from step_days;
  delete from failure_days;
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

  insert into run_days (day, completed, partial, failed, cancelled, first_run, last_run)
  select day, sum(completed), sum(partial), sum(failed), sum(cancelled), min(run_id), max(run_id) from rollup.runs
  group by day;

  select rollup.recount_turns(platform) from (select distinct platform from jobs) p;
$$;
--> statement-breakpoint
select rollup.recount();
--> statement-breakpoint
-- The status page sees these as they are: days, counts and classes.
create view status.results as select root_id, platform, day, state from chain_results;
--> statement-breakpoint
create view status.platform_days as select * from platform_days;
--> statement-breakpoint
create view status.duration_days as select * from duration_days;
--> statement-breakpoint
create view status.step_days as select * from step_days;
--> statement-breakpoint
create view status.failure_days as select * from failure_days;
--> statement-breakpoint
create view status.run_days as select * from run_days;
--> statement-breakpoint
create view status.turns as select id, platform, good, run_id, status, failure_kind, at from platform_turns;
--> statement-breakpoint
-- Each platform's newest finished job, its last good one, and since when it delivers or does not. The names are found by
-- hopping through the index: a history of any length costs one step per platform. A platform's rows are asked for as a
-- range: told `platform = x`, the planner walks the index by number, past all newer rows of the others.
create or replace view status.platforms as
with recursive names as (
  (select platform from jobs order by platform limit 1)
  union all
  select (select j.platform from jobs j where j.platform > n.platform order by j.platform limit 1)
  from names n where n.platform is not null)
select p.platform, n.status, n.run_id, n.finished_at, n.failure_kind, n.items_total, n.items_kept + n.items_done as items,
       g.run_id as last_good_run_id, g.finished_at as last_good_at,
       exists (select 1 from acceptances a where a.job_id = n.id) as accepted,
       t.good, t.run_id as since_run_id, t.at as since
from names p
cross join lateral (
  select j.id, j.status, j.run_id, j.finished_at, j.failure_kind, j.items_total, j.items_kept, j.items_done
  from jobs j where j.platform >= p.platform and (j.platform, j.id) <= (p.platform, 2147483647)
    and j.finished_at is not null order by j.platform desc, j.id desc limit 1) n
left join lateral (
  select * from (
    (select j.id, j.run_id, j.finished_at from jobs j
     where j.platform >= p.platform and (j.platform, j.id) <= (p.platform, 2147483647) and j.status = 'completed'
     order by j.platform desc, j.id desc limit 1)
    union all
    (select j.id, j.run_id, j.finished_at from acceptances a join jobs j on j.id = a.job_id
     where j.platform = p.platform order by j.id desc limit 1)) good order by id desc limit 1) g on true
left join lateral (
  select good, run_id, at from platform_turns t where t.platform = p.platform order by t.id desc limit 1) t on true
where p.platform is not null;
