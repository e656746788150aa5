-- What must hold in every database at every moment, whatever was killed, frozen, cut off or pressed twice: each query
-- returns no rows. They are run at the end of every test that has a database (tests/helpers/database.ts), and each is
-- shown to fire by a row that breaks it (tests/db/invariants.test.ts). The form is read by tests/helpers/invariants.ts:
-- a name, what it says, one query, a semicolon. Where a constraint already forbids it, the query sees that the
-- constraint is there and does what it says.

-- runs-end: A run comes to its end. Whatever is left lying for a day, nobody will ever end.
select id from runs where finished_at is null and created_at < now() - interval '1 day';

-- run-has-its-platforms: A run has one job for each platform it was asked for, and no others; its jobs know its root.
select r.id, r.platforms, j.platforms as found from runs r
left join lateral (select array_agg(platform order by platform) as platforms, bool_and(root_id = r.root_id) as rooted
                   from jobs where run_id = r.id) j on true
where j.platforms is distinct from (select array_agg(p order by p) from unnest(r.platforms) p) or not j.rooted;

-- finished-run-has-finished-jobs: A run that has ended has no job that goes on.
select r.id, j.platform from runs r join jobs j on j.run_id = r.id where r.finished_at is not null and j.finished_at is null;

-- run-ends-with-its-last-job: A run whose jobs have all ended has ended too: in the same transaction.
select r.id from runs r where r.finished_at is null and exists (select 1 from jobs where run_id = r.id)
and not exists (select 1 from jobs where run_id = r.id and finished_at is null);

-- run-is-the-sum-of-its-jobs: How a run ended follows from how its jobs did.
select r.id, r.status, j.* from runs r cross join lateral (
  select count(*) as n, count(*) filter (where status = 'completed') as completed,
         count(*) filter (where status = 'cancelled') as cancelled,
         count(*) filter (where status in ('completed', 'partial')) as delivered,
         count(*) filter (where status = 'skipped' and failure_kind = 'connection_lost') as lost
  from jobs where run_id = r.id having bool_and(finished_at is not null)) j
where r.finished_at is not null and r.status is distinct from case
  when j.lost > 0 then 'connection_failed' when j.completed = j.n then 'completed' when j.cancelled = j.n then 'cancelled'
  when j.delivered > 0 then 'partial' else 'failed' end;

-- run-has-begun-with-its-first-job: A run is pending until its first job is begun, and not a moment longer.
select r.id, r.status from runs r where r.status = 'pending'
and (r.started_at is not null or exists (select 1 from jobs where run_id = r.id and started_at is not null))
or r.status <> 'pending' and r.started_at is null;

-- numbers-follow-one-another: People type a run's number: none is left out.
select id from (select id, lag(id) over (order by id) as before from runs) r where id <> before + 1;

-- one-unfinished-job-in-a-chain: Of a platform, a chain has one job that goes on at most.
select root_id, platform from jobs where finished_at is null group by 1, 2 having count(*) > 1;

-- retries-are-counted: Retries of a platform in a chain are 1, 2, 3: none twice, none left out. What was cancelled or
-- left out is not counted; the re-scrape of a retry stands in its place.
select root_id, platform from jobs where retry_number > 0 and status not in ('cancelled', 'skipped')
group by 1, 2 having count(distinct retry_number) <> max(retry_number) or max(retry_number) > 3
  or count(*) filter (where not rescrape) <> count(distinct retry_number) filter (where not rescrape);

-- first-jobs-are-no-retries: The job of a root run is no retry; that of a retry run is one.
select j.id, j.retry_number from jobs j join runs r on r.id = j.run_id
where (r.id = r.root_id and j.retry_number <> 0) or (r.retry_of is not null and j.retry_number = 0);

-- redone-after-its-end: A platform is redone only after its job in the chain has ended, and ended short of complete.
-- The time of a transaction is that of its beginning, so a second is granted.
select b.id, a.id as before from jobs b cross join lateral (
  select * from jobs a where a.root_id = b.root_id and a.platform = b.platform and a.id < b.id order by a.id desc limit 1) a
where a.status = 'completed' or b.started_at < a.finished_at - interval '1 second';

-- chains-hold-together: A retry and a re-scrape come after the run they redo, stand in its chain, and say so.
select r.id from runs r join runs p on p.id = coalesce(r.retry_of, r.rescrape_of)
where p.id >= r.id or p.root_id <> r.root_id
or r.trigger is distinct from case when r.retry_of is not null then 'retry:' else 'rescrape:' end || p.id;

-- continued-from-the-chain: A job continues an older one of its own platform and chain, which has ended, does the same
-- and is measured by the same step.
select j.id, j.source_job_id from jobs j join jobs s on s.id = j.source_job_id
where s.id >= j.id or s.root_id <> j.root_id or s.platform <> j.platform or s.finished_at is null
or s.item_step <> j.item_step or s.backfill is distinct from j.backfill;

-- job-counts-its-items: What a job says of its work items is what is stored of them.
select j.id, j.items_total, j.items_kept, j.items_done, j.items_failed, w.* from jobs j cross join lateral (
  select count(*) filter (where status <> 'kept') as own, count(*) filter (where status in ('done', 'gone')) as done,
         count(*) filter (where status = 'pending' and failure_kind is not null) as failed,
         count(*) filter (where status = 'gone') as gone
  from work_items where job_id = j.id and step = j.item_step) w
where j.items_total - j.items_kept <> w.own or j.items_done <> w.done or j.items_failed <> w.failed
or j.items_gone < w.gone or j.items_gone > j.items_kept + j.items_done;

-- further-steps-count-their-items: So do the counters of its later steps.
select f.* from further_items f cross join lateral (
  select count(*) filter (where status <> 'kept') as own, count(*) filter (where status in ('done', 'gone')) as done,
         count(*) filter (where status = 'pending' and failure_kind is not null) as failed
  from work_items where job_id = f.job_id and step = f.step) w
where f.total - f.kept <> w.own or f.done <> w.done or f.failed <> w.failed;

-- later-items-are-counted: Work items of a later step have counters.
select distinct w.job_id, w.step from work_items w join jobs j on j.id = w.job_id
where w.step <> j.item_step and not exists (select 1 from further_items f where f.job_id = w.job_id and f.step = w.step);

-- complete-means-complete: A complete job has nothing left to do.
select j.id, w.key from jobs j join work_items w on w.job_id = j.id where j.status = 'completed' and w.status = 'pending';

-- held-by-one-worker: A job that is running has a holder and was begun, in a run that is; no other job has one.
select j.id, j.status, j.lease_owner from jobs j join runs r on r.id = j.run_id
where (j.status = 'running') <> (j.lease_owner is not null)
or j.status = 'running' and (j.lease < 1 or j.started_at is null or r.status <> 'running');

-- lost-leases-are-taken: What a vanished worker held is taken by another. Three missed beats are 15 seconds; tests that
-- take jobs by hand have no heart, so ten minutes are granted.
select id from jobs where status = 'running' and heartbeat_at < now() - interval '10 minutes' and started_at < now() - interval '10 minutes';

-- three-crashes-are-enough: A job that was lost with three workers is given to no fourth.
select id from jobs where crashes >= 3 and (finished_at is null or crashes > 3);

-- waiting-after-an-attempt: Who waits for another attempt has made one, and it failed.
select id from jobs where status = 'waiting' and (started_at is null or failure_kind is null);

-- skipped-was-never-begun: A job that was left out was never begun, and says why it was left out.
select j.id from jobs j where j.status = 'skipped'
and (j.started_at is not null or j.lease > 0 or coalesce(j.failure_kind, '') not in ('connection_lost', 'left_alone')
  or exists (select 1 from steps where job_id = j.id));

-- failed-jobs-say-why: A job whose steps were run, and that failed, has a failure of the kind it ended with.
select j.id, j.failure_kind from jobs j where j.status = 'failed' and exists (select 1 from steps where job_id = j.id)
and not exists (select 1 from failures f where f.job_id = j.id and f.kind = j.failure_kind);

-- complete-jobs-have-no-failure: A complete job ended with no failure.
select id from jobs where status = 'completed' and failure_kind is not null;

-- open-steps-are-held: A step goes on only while its job is held, and under that lease: a lost worker's is closed.
select s.id, s.job_id from steps s join jobs j on j.id = s.job_id
where s.lease > j.lease or s.finished_at is null and (j.status <> 'running' or s.lease <> j.lease);

-- cancelled-by-somebody: What was cancelled, a run or a job of it, names who did it.
select r.id from runs r where r.cancelled_by is null
and (r.status = 'cancelled' or exists (select 1 from jobs where run_id = r.id and status = 'cancelled'));

-- lost-runs-say-since-when: A run that lost its connection says since when, and only such a run does.
select id from runs where (lost_since is not null) is distinct from (status = 'connection_failed') and finished_at is not null;

-- only-watched-runs-are-lost: A scheduled run has no home to lose, and a re-scrape is not lost again.
select id from runs where status = 'connection_failed' and (home_surface is null or rescrape_of is not null);

-- one-rescrape: A run is scraped again once at most, only when it had lost its connection, and never a re-scrape.
select rescrape_of from runs where rescrape_of is not null group by 1 having count(*) > 1
union all
select r.id from runs r join runs p on p.id = r.rescrape_of where p.rescrape_of is not null or p.status <> 'connection_failed';

-- rescrape-takes-the-rest: A re-scrape takes what was not complete, and its jobs are marked; no other run's are.
select j.id from jobs j join runs r on r.id = j.run_id
left join jobs p on p.run_id = r.rescrape_of and p.platform = j.platform
where j.rescrape <> (r.rescrape_of is not null) or r.rescrape_of is not null and (p.id is null or p.status = 'completed');

-- started-once: Who started a run started one; and a run that was asked for has the one action that asked for it.
select a.surface, a.id, a.run_id, r.id as run from (select * from actions where outcome = 'started') a
full join (select * from runs where rescrape_of is null and trigger not like 'schedule:%') r
  on r.trigger_key = a.surface || ':' || a.id
where a.run_id is distinct from r.id;

-- every-action-is-decided: Whatever was asked for was answered: started, done, or refused for a reason.
select surface, id, outcome from actions where outcome not in ('started', 'done') and outcome not like 'refused:_%';

-- slots-have-their-run: A schedule's time belongs to the run that was started for it, and each such run to one time.
select s.schedule, s.slot, r.id from (select * from schedule_slots where outcome = 'run') s
full join (select * from runs where trigger like 'schedule:%') r on r.id = s.run_id
where r.trigger is distinct from 'schedule:' || s.schedule or r.trigger_key is distinct from
  'schedule:' || s.schedule || ':' || to_char(s.slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- slots-are-not-early: A schedule's time is decided when it has come, not before.
select schedule, slot from schedule_slots where slot > decided_at;

-- posts-arrive: What is being posted is posted, or given up. (Runs are told in seconds; ten minutes are granted.)
select surface, channel, run_id, slot from posts where state = 'sending' and updated_at < now() - interval '10 minutes';

-- no-post-without-its-thread: What is said of a run stands under the card of its chain.
select p.surface, p.channel, p.run_id, p.slot from posts p join runs r on r.id = p.run_id
where not exists (select 1 from posts c where c.surface = p.surface and c.channel = p.channel and c.run_id = r.root_id and c.slot = 'card');

-- one-row-for-a-message: No two posts or notices claim the same message of a surface. (Each process counts the lines of
-- its own console.)
select surface, ref from (select surface, ref from posts where ref is not null
                          union all select surface, ref from notices where ref is not null) m
where surface <> 'console' group by 1, 2 having count(*) > 1;

-- one-open-breaker: A platform is left alone once at a time.
select platform from breaker_terms where closed_at is null group by 1 having count(*) > 1;

-- breakers-have-their-runs: A platform is left alone by a run in which it failed, and tried again by one in which it
-- delivered.
select b.id from breaker_terms b
where not exists (select 1 from jobs where run_id = b.opened_run and platform = b.platform and status = 'failed')
or b.closed_at < b.opened_at or b.closed_run is not null and not exists (
  select 1 from jobs where run_id = b.closed_run and platform = b.platform and status in ('completed', 'partial'));

-- left-alone-for-a-reason: Who was left out because its platform is left alone, was so while it was.
select j.id from jobs j where j.failure_kind = 'left_alone' and not exists (
  select 1 from breaker_terms b where b.platform = j.platform
  and b.opened_at <= j.finished_at and coalesce(b.closed_at, 'infinity') >= j.finished_at);

-- one-open-cause: What breaks several platforms in one way is one cause at a time.
select fingerprint from common_causes where closed_at is null group by 1 having count(*) > 1;

-- causes-have-their-runs: A common cause is noticed after its first failure, by a run of one of its platforms, and ends in
-- such a run; it has each platform once.
select c.id from common_causes c
where c.opened_at < c.since or c.closed_at < c.opened_at
or (select count(distinct name) from unnest(c.platforms) name) < cardinality(c.platforms)
or not exists (select 1 from jobs where run_id = c.opened_run and platform = any (c.platforms))
or c.closed_run is not null and not exists (select 1 from jobs where run_id = c.closed_run and platform = any (c.platforms));

-- one-open-outage: A surface is out of reach once at a time, and comes back after it went.
select subject from outages group by 1 having count(*) filter (where ended_at is null) > 1 or bool_or(ended_at < began_at);

-- one-open-mute: A platform is muted once at a time; a success that ended it was one.
select platform from mutes where ended_at is null group by 1 having count(*) > 1
union all
select m.platform from mutes m where m.ended_run is not null and not exists (
  select 1 from jobs where run_id = m.ended_run and platform = m.platform and status = 'completed');

-- accepted-was-doubtful: A person takes only what had ended, and was doubtful.
select a.job_id from acceptances a join jobs j on j.id = a.job_id
where j.finished_at is null or coalesce(j.failure_kind, '') not in ('empty', 'dropped');

-- prices-follow-from-changes: The newest change of a price leads to the price that is offered now.
select c.* from (
  select distinct on (book_event_id, market, period, line, outcome) * from odds_changes
  order by book_event_id, market, period, line, outcome, id desc) c
left join odds o on o.book_event_id = c.book_event_id and o.market = c.market and o.period = c.period
  and o.line is not distinct from c.line and o.outcome = c.outcome
where o.price is distinct from c.new_price;

-- digests-tell-what-is-stored: The hash that is kept of an event's prices is the hash of the prices that are stored.
select d.book_event_id from odds_digests d left join lateral (
  select string_agg(l.line || E'\n', '' order by l.line collate "C") as all_lines from (
    select concat_ws(' ', market, period, outcome, coalesce(encode(float8send(line + 0), 'hex'), ''),
      encode(float8send(price + 0), 'hex'),
      coalesce(round(date_part('epoch', source_updated_at) * 1000)::text, ''),
      octet_length(source_market_id) || ':' || source_market_id,
      octet_length(source_outcome_id) || ':' || source_outcome_id) as line
    from odds where book_event_id = d.book_event_id) l) o on true
where d.digest <> encode(sha256(convert_to(coalesce(o.all_lines, ''), 'UTF8')), 'hex');

-- days-are-counted: What is counted by days comes to what has ended.
select d.counted, r.ended from (select coalesce(sum(completed + partial + failed + cancelled), 0) as counted from run_days) d
cross join (select coalesce(sum(completed + partial + failed + cancelled), 0) as ended from rollup.runs) r
where d.counted <> r.ended;

-- queue-wakes-and-no-more: The queue knows the number of a job, and nothing that was scraped or raised. What it says by
-- itself of a wake-up whose taker died is no text of ours.
select id, data, output from pgboss.job where name = 'scrape'
and (data - 'jobId' <> '{}' or jsonb_typeof(data -> 'jobId') <> 'number' or coalesce(output, 'null') not in ('null', '{}', '[]', '{"value": {"message": "job timed out"}}'));

-- queue-is-drained: No wake-up that has long come due is left for a job that has ended.
select q.id, j.id as job from pgboss.job q join jobs j on j.id = (q.data ->> 'jobId')::int
where q.name = 'scrape' and q.state in ('created', 'retry', 'active') and q.start_after < now() - interval '10 minutes'
and j.finished_at < now() - interval '10 minutes';
