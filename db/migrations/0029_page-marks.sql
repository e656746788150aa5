-- Platforms that are left alone. `until` is when the next probe may go; `kind` is how the last of the failures that led
-- there ended, and `run_id` the run that ended with it.
create or replace view status.breakers as
select platform, 'open'::text as state, next_probe_at as until, opened_at as since, failing_since, failures,
       failure_kind as kind, opened_run as run_id, probes::int as probes
from breaker_terms where closed_at is null;
--> statement-breakpoint
-- Whoever reads says what moment it is: `next_slot` is late when it has passed by two minutes and nobody decided it.
create or replace view status.slots as
select name as schedule,
       case when paused_at is null and next_slot >= now() - interval '2 minutes' then next_slot end as next_at,
       case when paused_at is null and next_slot < now() - interval '2 minutes' then next_slot end as late_since,
       next_slot, paused_at, paused_until
from schedules where retired_at is null;
--> statement-breakpoint
-- Slots in which nothing was scraped: nobody was there (`skipped_missed`), or the run before was still at work.
create view status.skipped_slots as
select schedule, slot, outcome from schedule_slots where outcome in ('skipped_missed', 'skipped_overlap');
