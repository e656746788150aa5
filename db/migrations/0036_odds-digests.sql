CREATE TABLE "odds_digests" (
	"book_event_id" bigint PRIMARY KEY NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "odds_digests" ADD CONSTRAINT "odds_digests_book_event" FOREIGN KEY ("book_event_id") REFERENCES "public"."book_events"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
-- Whoever writes prices, an older version or a hand included, thereby deletes the hash of what stood there before.
create function forget_odds_digests() returns trigger language plpgsql as $$
begin
  delete from odds_digests d using (select distinct book_event_id as id from touched) t where d.book_event_id = t.id;
  return null;
end
$$;
--> statement-breakpoint
create function forget_updated_odds_digests() returns trigger language plpgsql as $$
begin
  delete from odds_digests d
  using (select book_event_id as id from before_it union select book_event_id from after_it) t where d.book_event_id = t.id;
  return null;
end
$$;
--> statement-breakpoint
create function forget_all_odds_digests() returns trigger language plpgsql as $$
begin
  delete from odds_digests;
  return null;
end
$$;
--> statement-breakpoint
create trigger forget_digests_of_inserted after insert on odds
  referencing new table as touched for each statement execute function forget_odds_digests();
--> statement-breakpoint
create trigger forget_digests_of_updated after update on odds
  referencing old table as before_it new table as after_it for each statement execute function forget_updated_odds_digests();
--> statement-breakpoint
create trigger forget_digests_of_deleted after delete on odds
  referencing old table as touched for each statement execute function forget_odds_digests();
--> statement-breakpoint
create trigger forget_digests_of_truncated after truncate on odds
  for each statement execute function forget_all_odds_digests();
--> statement-breakpoint
comment on table odds_digests is 'One hash of all prices of a book''s event in odds: what is equal to it need not be compared. Deleted with any of them';
