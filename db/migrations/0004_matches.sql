CREATE TABLE "book_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "book_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" bigint NOT NULL,
	"platform" text NOT NULL,
	"country" text NOT NULL,
	"source_id" text NOT NULL,
	"sportradar_id" text,
	"genius_id" text,
	"home" text NOT NULL,
	"away" text NOT NULL,
	"sport" text NOT NULL,
	"competition_id" text,
	"competition" text NOT NULL,
	"competition_country" text,
	"kickoff" timestamp with time zone NOT NULL,
	"live" boolean NOT NULL,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "book_events_identity" UNIQUE("platform","country","source_id")
);
--> statement-breakpoint
CREATE TABLE "event_warnings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "event_warnings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"book_event_id" bigint NOT NULL,
	"other_id" bigint NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "event_warnings_once" UNIQUE("kind","book_event_id","other_id"),
	CONSTRAINT "event_warnings_kind" CHECK ("event_warnings"."kind" in ('kickoff_hour_apart','ids_disagree')),
	CONSTRAINT "event_warnings_order" CHECK ("event_warnings"."book_event_id" < "event_warnings"."other_id")
);
--> statement-breakpoint
CREATE TABLE "odds_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "odds_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"book_event_id" bigint NOT NULL,
	"market" text NOT NULL,
	"period" text NOT NULL,
	"line" double precision,
	"outcome" text NOT NULL,
	"old_price" double precision,
	"new_price" double precision,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "odds_changes_differ" CHECK ("odds_changes"."old_price" is distinct from "odds_changes"."new_price")
);
--> statement-breakpoint
ALTER TABLE "events" DROP CONSTRAINT "events_identity";
--> statement-breakpoint
ALTER TABLE "odds" DROP CONSTRAINT "odds_event";
--> statement-breakpoint
DROP INDEX "events_by_sportradar";
--> statement-breakpoint
-- Until now a row of events was a match at one book. It becomes a row of book_events under its old id, and the first row
-- of each match stays as the match: one Sportradar id is one match; a row without one joins its Genius id's match.
insert into book_events (id, event_id, platform, country, source_id, sportradar_id, genius_id, home, away, sport,
                         competition_id, competition, competition_country, kickoff, live, first_seen_at, last_seen_at,
                         updated_at)
overriding system value
select e.id,
       case when e.sportradar_id is not null then min(e.id) over (partition by e.sportradar_id)
            else coalesce(
              (select min(s.id) from events g join events s on s.sportradar_id = g.sportradar_id
               where g.id = (select min(x.id) from events x
                             where x.genius_id = e.genius_id and x.sportradar_id is not null)),
              (select min(x.id) from events x where x.genius_id = e.genius_id and x.sportradar_id is null),
              e.id) end,
       e.platform, e.country, e.source_id, e.sportradar_id, e.genius_id, e.home, e.away, e.sport, e.competition_id,
       e.competition, e.competition_country, e.kickoff, e.live, e.first_seen_at, e.updated_at, e.updated_at
from events e;
--> statement-breakpoint
select setval(pg_get_serial_sequence('book_events', 'id'), greatest(max(id), 1), max(id) is not null) from book_events;
--> statement-breakpoint
delete from events e where not exists (select 1 from book_events b where b.event_id = e.id);
--> statement-breakpoint
-- The ids of the old rows live on in book_events, so the prices follow by the name of their column alone.
ALTER TABLE "odds" RENAME COLUMN "event_id" TO "book_event_id";
--> statement-breakpoint
ALTER TABLE "book_events" ADD CONSTRAINT "book_events_event" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "event_warnings" ADD CONSTRAINT "event_warnings_one" FOREIGN KEY ("book_event_id") REFERENCES "public"."book_events"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "event_warnings" ADD CONSTRAINT "event_warnings_other" FOREIGN KEY ("other_id") REFERENCES "public"."book_events"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "odds_changes" ADD CONSTRAINT "odds_changes_book_event" FOREIGN KEY ("book_event_id") REFERENCES "public"."book_events"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "odds" ADD CONSTRAINT "odds_book_event" FOREIGN KEY ("book_event_id") REFERENCES "public"."book_events"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "book_events_by_event" ON "book_events" USING btree ("event_id");
--> statement-breakpoint
CREATE INDEX "book_events_by_sportradar" ON "book_events" USING btree ("sportradar_id");
--> statement-breakpoint
CREATE INDEX "book_events_by_genius" ON "book_events" USING btree ("genius_id");
--> statement-breakpoint
CREATE INDEX "odds_changes_by_book_event" ON "odds_changes" USING btree ("book_event_id","at");
--> statement-breakpoint
ALTER TABLE "events" DROP COLUMN "platform";
--> statement-breakpoint
ALTER TABLE "events" DROP COLUMN "country";
--> statement-breakpoint
ALTER TABLE "events" DROP COLUMN "source_id";
--> statement-breakpoint
ALTER TABLE "events" DROP COLUMN "genius_id";
--> statement-breakpoint
ALTER TABLE "events" DROP COLUMN "competition_id";
--> statement-breakpoint
ALTER TABLE "events" DROP COLUMN "live";
--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_sportradar_id" UNIQUE("sportradar_id");
--> statement-breakpoint
-- Every price offered now, with its match and its book. `margin`, in percent, where the whole market is offered: what
-- the book keeps of all stakes beyond the fair share. Of the three double chances two always win, so they count half.
create view book_odds as
select b.event_id, o.book_event_id, b.platform, b.country, o.market, o.period, o.line, o.outcome, o.price,
       case when count(*) over whole = case when o.market in ('1x2', 'double_chance', 'european_handicap') then 3 else 2 end
            then round(((sum(1 / o.price) over whole / case when o.market = 'double_chance' then 2 else 1 end - 1) * 100)::numeric, 2)
       end as margin,
       o.source_market_id, o.source_outcome_id, o.updated_at, b.last_seen_at
from odds o join book_events b on b.id = o.book_event_id
window whole as (partition by b.event_id, o.book_event_id, o.market, o.period, o.line);
--> statement-breakpoint
-- One row per match, country and outcome, the books side by side. `prices` and `margins` hold the same for every book, a
-- new one included. A book that lists a match twice counts with its better price.
create view matched_odds as
select e.id as event_id, e.kickoff, e.home, e.away, e.competition, e.competition_country, e.sportradar_id, p.country,
       p.market, p.period, p.line, p.outcome,
       max(p.price) filter (where p.platform = 'sportybet') as sportybet,
       max(p.price) filter (where p.platform = 'bet9ja') as bet9ja,
       max(p.price) filter (where p.platform = 'betpawa') as betpawa,
       min(p.margin) filter (where p.platform = 'sportybet') as sportybet_margin,
       min(p.margin) filter (where p.platform = 'bet9ja') as bet9ja_margin,
       min(p.margin) filter (where p.platform = 'betpawa') as betpawa_margin,
       count(distinct p.platform)::int as books,
       max(p.price) as best_price,
       (array_agg(p.platform order by p.price desc, p.platform))[1] as best_book,
       jsonb_object_agg(p.platform, p.price order by p.price) as prices,
       jsonb_object_agg(p.platform, p.margin order by p.price) as margins,
       min(p.last_seen_at) as last_seen_at
from book_odds p join events e on e.id = p.event_id
group by e.id, p.country, p.market, p.period, p.line, p.outcome;
