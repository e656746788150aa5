-- What the status page shows besides runs says itself that it has changed, when its transaction commits: a note, a mute,
-- a schedule or one of its slots, a platform that is left alone. Told once for each transaction.
create function tell_page() returns trigger language plpgsql as $$
begin
  perform pg_notify('rescrape_page', '');
  return null;
end
$$;
--> statement-breakpoint
create trigger tell_page after insert or update on notes for each row execute function tell_page();
--> statement-breakpoint
create trigger tell_page after insert or update on mutes for each row execute function tell_page();
--> statement-breakpoint
create trigger tell_page after insert or update on schedules for each row execute function tell_page();
--> statement-breakpoint
create trigger tell_page after insert or update on schedule_slots for each row execute function tell_page();
--> statement-breakpoint
create trigger tell_page after insert or update on breaker_terms for each row execute function tell_page();
