CREATE TABLE "schedule_slots" (
	"schedule" text NOT NULL,
	"slot" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"run_id" integer,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "schedule_slots_schedule_slot_pk" PRIMARY KEY("schedule","slot"),
	CONSTRAINT "schedule_slots_outcome" CHECK ("schedule_slots"."outcome" in ('run','skipped_overlap','skipped_missed','skipped_paused')),
	CONSTRAINT "schedule_slots_run_given" CHECK (("schedule_slots"."outcome" = 'run') = ("schedule_slots"."run_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"name" text PRIMARY KEY NOT NULL,
	"cron" text NOT NULL,
	"zone" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"next_slot" timestamp with time zone,
	"paused_at" timestamp with time zone,
	"paused_until" timestamp with time zone,
	"paused_by" jsonb,
	"retired_at" timestamp with time zone,
	CONSTRAINT "schedules_name" CHECK ("schedules"."name" ~ '^[a-z][a-z0-9_-]{0,31}$'),
	CONSTRAINT "schedules_pause" CHECK (("schedules"."paused_at" is null) = ("schedules"."paused_by" is null)),
	CONSTRAINT "schedules_pause_end" CHECK ("schedules"."paused_until" is null or "schedules"."paused_at" is not null)
);
--> statement-breakpoint
ALTER TABLE "schedule_slots" ADD CONSTRAINT "schedule_slots_schedule" FOREIGN KEY ("schedule") REFERENCES "public"."schedules"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_slots" ADD CONSTRAINT "schedule_slots_run" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "schedule_slots_by_time" ON "schedule_slots" USING btree ("decided_at");