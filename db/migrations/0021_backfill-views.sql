-- A backfill makes up for what scrapes left out: it says nothing about how a platform does, how much it delivers or how
-- long it takes. It counts as a run, and in nothing else.
create or replace view rollup.ended_jobs as
select j.id as job_id, j.run_id, j.root_id, j.platform, j.status, j.retry_number, j.items_kept, j.items_done,
       j.failure_kind, j.started_at, j.finished_at, rollup.day(j.finished_at) as day,
       j.status = 'completed' or exists (select 1 from acceptances a where a.job_id = j.id) as good
from jobs j where j.finished_at is not null and j.backfill is null;
--> statement-breakpoint
-- Only whole scrapes are timed: a retry of what was missing says nothing about how long a platform takes.
create or replace view rollup.durations as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform,
       round(20 * ln(greatest(1, 1000 * extract(epoch from j.finished_at - j.started_at))))::smallint as bucket
from jobs j where j.status = 'completed' and j.items_kept = 0 and j.started_at is not null and j.backfill is null;
--> statement-breakpoint
create or replace view rollup.steps as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform, s.name as step, (s.status = 'success')::int as good,
       s.items_done, s.items_failed,
       coalesce(round(1000 * extract(epoch from s.finished_at - s.started_at)), 0)::bigint as took_ms
from steps s join jobs j on j.id = s.job_id
where j.finished_at is not null and j.backfill is null and s.status in ('success','failed');
--> statement-breakpoint
create or replace view rollup.failures as
select j.id as job_id, rollup.day(j.finished_at) as day, j.platform, f.step, f.kind, count(*)::int as failures, j.run_id
from failures f join jobs j on j.id = f.job_id
where j.finished_at is not null and j.backfill is null
group by j.id, f.step, f.kind;
--> statement-breakpoint
create or replace view status.jobs as
select j.id, j.run_id, j.root_id, j.platform, j.status, j.retry_number, j.attempt, j.from_step, j.items_total,
       j.items_kept, j.items_done, j.items_failed, j.failure_kind, j.next_attempt_at, j.started_at, j.finished_at,
       exists (select 1 from acceptances a where a.job_id = j.id) as accepted, j.backfill
from jobs j;
--> statement-breakpoint
create or replace view platform_outcomes as
select distinct on (j.root_id, j.platform) j.root_id, j.platform, j.run_id, j.id as job_id, j.status, j.failure_kind,
       j.status = 'completed' or a.job_id is not null as complete, j.items_total as found,
       j.items_kept + j.items_done - j.items_gone as delivered, a.actor ->> 'name' as accepted_by, a.why as accepted_because,
       j.retry_number as retries, j.finished_at, j.backfill
from jobs j left join acceptances a on a.job_id = j.id
order by j.root_id, j.platform, j.id desc;
--> statement-breakpoint
-- Each platform's newest finished scrape, its last good one, and since when it delivers or does not. The names are found by
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
    and j.finished_at is not null and j.backfill is null order by j.platform desc, j.id desc limit 1) n
left join lateral (
  select * from (
    (select j.id, j.run_id, j.finished_at from jobs j
     where j.platform >= p.platform and (j.platform, j.id) <= (p.platform, 2147483647) and j.status = 'completed'
       and j.backfill is null
     order by j.platform desc, j.id desc limit 1)
    union all
    (select j.id, j.run_id, j.finished_at from acceptances a join jobs j on j.id = a.job_id
     where j.platform = p.platform order by j.id desc limit 1)) good order by id desc limit 1) g on true
left join lateral (
  select good, run_id, at from platform_turns t where t.platform = p.platform order by t.id desc limit 1) t on true
where p.platform is not null;
