-- For whoever meets the tables in psql: `\dv+` and `\d+ matched_odds` say what they hold.
comment on view matched_odds is
  'One row per match, country, market, period, line and outcome, the three books'' prices side by side; margins in percent, only where a book offers the whole market';
--> statement-breakpoint
comment on column matched_odds.line is 'goals of totals, starts of handicaps as seen from home; null where the market has none, and 0 is a line';
--> statement-breakpoint
comment on column matched_odds.prices is 'every platform''s price by its id, those without a column of their own included';
--> statement-breakpoint
comment on column matched_odds.last_seen_at is 'when the oldest of these prices was last seen';
--> statement-breakpoint
comment on view book_odds is 'Every price that is offered now, one row per book and outcome, with the margin of its market in percent';
--> statement-breakpoint
comment on view platform_outcomes is
  'One row per chain of runs and platform: the newest job, and whether it counts as complete; accepted results do';
--> statement-breakpoint
comment on view missing_items is 'What the newest job of each chain and platform could not get, item by item';
--> statement-breakpoint
comment on function delivered_items(int) is
  'The items a job delivered, those it kept from its chain included; their key is the record''s own id';
--> statement-breakpoint
comment on table odds is 'Prices offered now; what is not offered any more has no row';
--> statement-breakpoint
comment on table odds_changes is 'How prices moved; the first answer about a match is no change, a new price of null means no longer offered';
--> statement-breakpoint
comment on table event_warnings is 'What two books say of one match and cannot both be right about; kickoff_hour_apart points at a time zone';
--> statement-breakpoint
comment on table listings is 'Auctions as their pages say now';
--> statement-breakpoint
comment on table listing_changes is 'How status and price of auctions moved';
--> statement-breakpoint
comment on table kept_answers is 'What sites answered where something broke or is missing: gzipped, redacted, for a few days';
