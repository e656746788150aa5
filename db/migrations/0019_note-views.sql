-- Who wrote a note stays inside.
create view status.notes as select id, text, starts_at, ends_at from notes;
--> statement-breakpoint
-- Platforms whose failures ping nobody; `until` null: until it works again.
create view status.mutes as
select platform, since, until from mutes where ended_at is null and (until is null or until > now());
--> statement-breakpoint
-- The next slot of each schedule. One that should have begun two minutes ago, and has not, is late.
create view status.slots as
select name as schedule,
       case when paused_at is null and next_slot >= now() - interval '2 minutes' then next_slot end as next_at,
       case when paused_at is null and next_slot < now() - interval '2 minutes' then next_slot end as late_since
from schedules where retired_at is null;
--> statement-breakpoint
-- Breakers have no table yet. Whoever makes it replaces this view and keeps its columns; the page shows what is in it.
create view status.breakers as
select null::text as platform, null::text as state, null::timestamptz as until where false;
