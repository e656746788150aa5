create trigger acceptances_are_final before update or delete on acceptances for each row execute function refuse_change();
--> statement-breakpoint
-- Whether somebody took a doubtful result as it is; who and why stay inside.
create or replace view status.jobs as
select j.id, j.run_id, j.root_id, j.platform, j.status, j.retry_number, j.attempt, j.from_step, j.items_total,
       j.items_kept, j.items_done, j.items_failed, j.failure_kind, j.next_attempt_at, j.started_at, j.finished_at,
       exists (select 1 from acceptances a where a.job_id = j.id) as accepted
from jobs j;
--> statement-breakpoint
-- Each platform's newest finished job and its last good one: complete, or accepted.
create or replace view status.platforms as
select p.platform, n.status, n.run_id, n.finished_at, n.failure_kind, n.items_total, n.items_kept + n.items_done as items,
       g.run_id as last_good_run_id, g.finished_at as last_good_at, n.accepted
from (select distinct platform from jobs) p
cross join lateral (
  select * from status.jobs j where j.platform = p.platform and j.finished_at is not null order by j.id desc limit 1) n
left join lateral (
  select run_id, finished_at from status.jobs j where j.platform = p.platform and (j.status = 'completed' or j.accepted)
  order by j.id desc limit 1) g on true;
