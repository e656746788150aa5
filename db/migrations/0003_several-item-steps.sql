CREATE TABLE "further_items" (
	"job_id" integer NOT NULL,
	"step" text NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"kept" integer DEFAULT 0 NOT NULL,
	"done" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "further_items_job_id_step_pk" PRIMARY KEY("job_id","step")
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "item_step" text DEFAULT 'extract' NOT NULL;--> statement-breakpoint
ALTER TABLE "further_items" ADD CONSTRAINT "further_items_job" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;