CREATE TABLE "chain_results" (
	"root_id" integer NOT NULL,
	"platform" text NOT NULL,
	"day" date NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "chain_results_root_id_platform_pk" PRIMARY KEY("root_id","platform"),
	CONSTRAINT "chain_results_state" CHECK ("chain_results"."state" in ('complete','retried','partial','failed','missed'))
);
--> statement-breakpoint
CREATE TABLE "duration_days" (
	"day" date NOT NULL,
	"platform" text NOT NULL,
	"bucket" smallint NOT NULL,
	"jobs" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "duration_days_day_platform_bucket_pk" PRIMARY KEY("day","platform","bucket")
);
--> statement-breakpoint
CREATE TABLE "failure_days" (
	"day" date NOT NULL,
	"platform" text NOT NULL,
	"step" text NOT NULL,
	"kind" text NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"jobs" integer DEFAULT 0 NOT NULL,
	"last_run" integer NOT NULL,
	CONSTRAINT "failure_days_day_platform_step_kind_pk" PRIMARY KEY("day","platform","step","kind")
);
--> statement-breakpoint
CREATE TABLE "platform_days" (
	"day" date NOT NULL,
	"platform" text NOT NULL,
	"complete" integer DEFAULT 0 NOT NULL,
	"retried" integer DEFAULT 0 NOT NULL,
	"partial" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"missed" integer DEFAULT 0 NOT NULL,
	"jobs" integer DEFAULT 0 NOT NULL,
	"good_jobs" integer DEFAULT 0 NOT NULL,
	"good_items" bigint DEFAULT 0 NOT NULL,
	"retries" integer DEFAULT 0 NOT NULL,
	"good_retries" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "platform_days_day_platform_pk" PRIMARY KEY("day","platform")
);
--> statement-breakpoint
CREATE TABLE "platform_turns" (
	"id" integer GENERATED ALWAYS AS IDENTITY (sequence name "platform_turns_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"platform" text NOT NULL,
	"good" boolean NOT NULL,
	"run_id" integer NOT NULL,
	"status" text NOT NULL,
	"failure_kind" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "platform_turns_platform_id_pk" PRIMARY KEY("platform","id")
);
--> statement-breakpoint
CREATE TABLE "run_days" (
	"day" date PRIMARY KEY NOT NULL,
	"completed" integer DEFAULT 0 NOT NULL,
	"partial" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"cancelled" integer DEFAULT 0 NOT NULL,
	"first_run" integer NOT NULL,
	"last_run" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "step_days" (
	"day" date NOT NULL,
	"platform" text NOT NULL,
	"step" text NOT NULL,
	"ran" integer DEFAULT 0 NOT NULL,
	"good" integer DEFAULT 0 NOT NULL,
	"items_done" bigint DEFAULT 0 NOT NULL,
	"items_failed" bigint DEFAULT 0 NOT NULL,
	"took_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "step_days_day_platform_step_pk" PRIMARY KEY("day","platform","step")
);
--> statement-breakpoint
ALTER TABLE "chain_results" ADD CONSTRAINT "chain_results_root" FOREIGN KEY ("root_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "jobs_by_root" ON "jobs" USING btree ("root_id","platform","id");--> statement-breakpoint
CREATE INDEX "jobs_complete" ON "jobs" USING btree ("platform","id") WHERE "jobs"."status" = 'completed';