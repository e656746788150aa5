CREATE TABLE "mutes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mutes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"platform" text NOT NULL,
	"muted_by" jsonb NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"until" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"ended_run" integer,
	CONSTRAINT "mutes_until" CHECK ("mutes"."until" is null or "mutes"."until" > "mutes"."since"),
	CONSTRAINT "mutes_ended" CHECK ("mutes"."ended_run" is null or "mutes"."ended_at" is not null)
);
--> statement-breakpoint
ALTER TABLE "actions" DROP CONSTRAINT "actions_outcome";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "cancelled_by" jsonb;--> statement-breakpoint
ALTER TABLE "mutes" ADD CONSTRAINT "mutes_ended_run" FOREIGN KEY ("ended_run") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mutes_one_open" ON "mutes" USING btree ("platform") WHERE "mutes"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "mutes_by_platform" ON "mutes" USING btree ("platform","id");--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_cancelled" CHECK ("runs"."cancelled_by" is null or "runs"."finished_at" is not null);--> statement-breakpoint
ALTER TABLE "actions" ADD CONSTRAINT "actions_outcome" CHECK (case when "actions"."outcome" = 'started' then "actions"."run_id" is not null
               when "actions"."outcome" like 'refused:%' then "actions"."run_id" is null else true end);