CREATE TABLE "houses" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "posts" DROP CONSTRAINT "posts_state";--> statement-breakpoint
ALTER TABLE "posts" DROP CONSTRAINT "posts_posted";--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "dead_reason" text;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_dead" CHECK (("posts"."state" = 'dead') = ("posts"."dead_reason" is not null));--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_state" CHECK ("posts"."state" in ('sending','posted','dead'));--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_posted" CHECK ("posts"."state" <> 'posted' or "posts"."ref" is not null);