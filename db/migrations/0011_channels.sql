ALTER TABLE "posts" ADD COLUMN "channel" text;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "announced" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "lost" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Until now a surface had one channel: the one its chain's card stands in.
UPDATE "posts" p SET "channel" = CASE WHEN p."surface" = 'console' THEN 'console' ELSE (
	SELECT card."ref" ->> 'channel' FROM "runs" r JOIN "posts" card ON card."run_id" = r."root_id"
	WHERE r."id" = p."run_id" AND card."surface" = p."surface" AND card."slot" = 'card') END;--> statement-breakpoint
-- What never had a place is told anew.
DELETE FROM "posts" WHERE "channel" IS NULL;--> statement-breakpoint
ALTER TABLE "posts" ALTER COLUMN "channel" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" DROP CONSTRAINT "posts_surface_run_id_slot_pk";--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_surface_channel_run_id_slot_pk" PRIMARY KEY("surface","channel","run_id","slot");--> statement-breakpoint
ALTER TABLE "posts" DROP CONSTRAINT "posts_state";--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_state" CHECK ("posts"."state" in ('sending','posted','gone','dead'));
