-- The items a job delivered, its own and those it kept from the chain it continues: how records are reached from a run.
-- A record of a book is the row of book_events with the job's platform and the item's key as source_id. A job that took
-- over a list (it kept items and found none again) has them from its source job; one that found them again says `kept`.
create function delivered_items(of_job int) returns table (step text, key text, at timestamptz) language sql stable as $$
  with recursive line as (
    select j.id, j.root_id, j.platform, j.item_step, j.source_job_id, j.items_kept from jobs j where j.id = of_job
    union all
    select s.id, s.root_id, s.platform, s.item_step, s.source_job_id, s.items_kept
    from line l join jobs s on s.id = l.source_job_id
    where l.items_kept > 0
      and not exists (select 1 from work_items k where k.job_id = l.id and k.step = l.item_step and k.status = 'kept')
  )
  select w.step, w.key, max(w.updated_at) from (
    select l.item_step as step, w.key, w.updated_at
    from line l join work_items w on w.job_id = l.id and w.step = l.item_step and w.status = 'done'
    union all
    select l.item_step, k.key, w.updated_at
    from line l join work_items k on k.job_id = l.id and k.step = l.item_step and k.status = 'kept'
    join jobs j on j.root_id = l.root_id and j.platform = l.platform and j.id < l.id
    join work_items w on w.job_id = j.id and w.step = k.step and w.key = k.key and w.status = 'done'
  ) w group by w.step, w.key
$$;
--> statement-breakpoint
-- Every run's platforms with what came of them in the end, for people who write SQL: the newest job of each chain.
create view platform_outcomes as
select distinct on (j.root_id, j.platform) j.root_id, j.platform, j.run_id, j.id as job_id, j.status, j.failure_kind,
       j.status = 'completed' or a.job_id is not null as complete, j.items_total as found,
       j.items_kept + j.items_done - j.items_gone as delivered, a.actor ->> 'name' as accepted_by, a.why as accepted_because,
       j.retry_number as retries, j.finished_at
from jobs j left join acceptances a on a.job_id = j.id
order by j.root_id, j.platform, j.id desc;
--> statement-breakpoint
-- What is still missing of each chain, item by item.
create view missing_items as
select c.root_id, c.run_id, w.job_id, c.platform, w.step, w.key, coalesce(w.payload ->> 'name', w.payload ->> 'title',
       w.payload ->> 'url') as name, w.failure_kind, w.attempts, w.discovered_at
from platform_outcomes c join work_items w on w.job_id = c.job_id and w.status = 'pending'
where not c.complete;
