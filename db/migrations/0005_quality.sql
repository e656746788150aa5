CREATE TABLE "acceptances" (
	"job_id" integer PRIMARY KEY NOT NULL,
	"actor" jsonb NOT NULL,
	"why" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "acceptances_why" CHECK (length("acceptances"."why") between 1 and 500)
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "items_gone" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "coverage" jsonb;--> statement-breakpoint
ALTER TABLE "acceptances" ADD CONSTRAINT "acceptances_job" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "acceptances_by_time" ON "acceptances" USING btree ("at");