CREATE TABLE "end_days" (
	"day" date NOT NULL,
	"platform" text NOT NULL,
	"status" text NOT NULL,
	"jobs" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "end_days_day_platform_status_pk" PRIMARY KEY("day","platform","status")
);
--> statement-breakpoint
CREATE INDEX "jobs_by_source" ON "jobs" USING btree ("source_job_id") WHERE "jobs"."source_job_id" is not null;--> statement-breakpoint
CREATE INDEX "runs_by_retried" ON "runs" USING btree ("retry_of") WHERE "runs"."retry_of" is not null;--> statement-breakpoint
CREATE INDEX "kept_answers_by_job" ON "kept_answers" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "actions_by_run" ON "actions" USING btree ("run_id") WHERE "actions"."run_id" is not null;--> statement-breakpoint
CREATE INDEX "posts_by_run" ON "posts" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "mutes_by_ended_run" ON "mutes" USING btree ("ended_run");--> statement-breakpoint
CREATE INDEX "breaker_terms_by_opened_run" ON "breaker_terms" USING btree ("opened_run");--> statement-breakpoint
CREATE INDEX "breaker_terms_by_closed_run" ON "breaker_terms" USING btree ("closed_run");--> statement-breakpoint
CREATE INDEX "schedule_slots_by_run" ON "schedule_slots" USING btree ("run_id") WHERE "schedule_slots"."run_id" is not null;