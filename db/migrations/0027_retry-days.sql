CREATE TABLE "retry_days" (
	"platform" text NOT NULL,
	"step" text NOT NULL,
	"kind" text NOT NULL,
	"retry_number" smallint NOT NULL,
	"day" date NOT NULL,
	"retries" integer DEFAULT 0 NOT NULL,
	"fixed" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "retry_days_platform_step_kind_retry_number_day_pk" PRIMARY KEY("platform","step","kind","retry_number","day")
);
--> statement-breakpoint
CREATE INDEX "jobs_by_end" ON "jobs" USING btree ("finished_at") WHERE "jobs"."finished_at" is not null;