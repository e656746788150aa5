-- What has ended stays as it ended: a retry is a new run, and an error keeps its first words.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are not changed once they are final', tg_table_name using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger failures_are_final before update on failures for each row execute function refuse_change();
--> statement-breakpoint
create trigger finished_runs_are_final before update on runs for each row
  when (old.finished_at is not null) execute function refuse_change();
--> statement-breakpoint
create trigger finished_jobs_are_final before update on jobs for each row
  when (old.finished_at is not null) execute function refuse_change();
--> statement-breakpoint
-- What the status page may see, and nothing else: states, times, counts and classes; no names, no details, no payloads.
create schema status;
--> statement-breakpoint
create view status.runs as
select r.id, r.status, r.trigger, r.retry_of, r.root_id, r.rescrape_of, r.platforms,
       r.requested_by ->> 'surface' as surface, r.created_at, r.started_at, r.finished_at
from runs r;
--> statement-breakpoint
create view status.jobs as
select j.id, j.run_id, j.root_id, j.platform, j.status, j.retry_number, j.attempt, j.from_step, j.items_total,
       j.items_kept, j.items_done, j.items_failed, j.failure_kind, j.next_attempt_at, j.started_at, j.finished_at
from jobs j;
--> statement-breakpoint
create view status.steps as
select s.id, s.job_id, j.run_id, j.platform, s.attempt, s.name, s.status, s.items_total, s.items_done, s.items_failed,
       s.error_kind, s.started_at, s.finished_at
from steps s join jobs j on j.id = s.job_id;
--> statement-breakpoint
-- One row per job, step and kind, with its sentence: the detail may quote a site and stays inside.
create view status.failures as
select j.run_id, j.id as job_id, j.platform, f.step, f.kind, min(f.headline) as headline, count(*)::int as count,
       min(f.at) as first_at, max(f.at) as last_at
from failures f join jobs j on j.id = f.job_id
group by j.run_id, j.id, j.platform, f.step, f.kind;
--> statement-breakpoint
-- Each platform's newest finished job and its last complete one.
create view status.platforms as
select p.platform, n.status, n.run_id, n.finished_at, n.failure_kind, n.items_total, n.items_kept + n.items_done as items,
       g.run_id as last_good_run_id, g.finished_at as last_good_at
from (select distinct platform from jobs) p
cross join lateral (
  select * from jobs j where j.platform = p.platform and j.finished_at is not null order by j.id desc limit 1) n
left join lateral (
  select run_id, finished_at from jobs j where j.platform = p.platform and j.status = 'completed'
  order by j.id desc limit 1) g on true;
