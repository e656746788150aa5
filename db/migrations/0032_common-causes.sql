CREATE TABLE "common_causes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "common_causes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"fingerprint" text NOT NULL,
	"platforms" text[] NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"opened_run" integer NOT NULL,
	"closed_at" timestamp with time zone,
	"closed_run" integer,
	CONSTRAINT "common_causes_closed" CHECK (("common_causes"."closed_at" is null) = ("common_causes"."closed_run" is null)),
	CONSTRAINT "common_causes_common" CHECK (cardinality("common_causes"."platforms") >= 2)
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "fingerprint" text;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "common_causes" ADD CONSTRAINT "common_causes_opened_run" FOREIGN KEY ("opened_run") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "common_causes" ADD CONSTRAINT "common_causes_closed_run" FOREIGN KEY ("closed_run") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "common_causes_one_open" ON "common_causes" USING btree ("fingerprint") WHERE "common_causes"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "common_causes_by_opened_run" ON "common_causes" USING btree ("opened_run");--> statement-breakpoint
CREATE INDEX "common_causes_by_closed_run" ON "common_causes" USING btree ("closed_run");--> statement-breakpoint
CREATE INDEX "common_causes_by_end" ON "common_causes" USING btree ("closed_at");--> statement-breakpoint
CREATE INDEX "jobs_alike" ON "jobs" USING btree ("fingerprint","failed_at") WHERE "jobs"."fingerprint" is not null;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_fingerprint" CHECK (("jobs"."fingerprint" is null) = ("jobs"."failed_at" is null));