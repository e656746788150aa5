CREATE TABLE "surface_links" (
	"surface" text PRIMARY KEY NOT NULL,
	"down_since" timestamp with time zone,
	"up_since" timestamp with time zone,
	"looked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "surface_links_state" CHECK ("surface_links"."up_since" is not null or "surface_links"."down_since" is not null)
);
--> statement-breakpoint
DROP INDEX "jobs_retry_numbers";--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "rescrape" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "lost_since" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_retry_numbers" ON "jobs" USING btree ("root_id","platform","retry_number") WHERE "jobs"."retry_number" > 0 and "jobs"."status" not in ('cancelled', 'skipped') and not "jobs"."rescrape";