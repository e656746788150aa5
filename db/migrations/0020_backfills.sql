ALTER TABLE "jobs" ADD COLUMN "backfill" text;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "backfill_left" integer;--> statement-breakpoint
CREATE INDEX "jobs_backfills" ON "jobs" USING btree ("platform","id") WHERE "jobs"."backfill" is not null;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_backfill" CHECK ("jobs"."backfill" ~ '^[a-z][a-z0-9_-]{0,31}$');--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_backfill_left" CHECK ("jobs"."backfill_left" is null or "jobs"."backfill" is not null);