CREATE TABLE "breaker_terms" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "breaker_terms_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"platform" text NOT NULL,
	"failures" integer NOT NULL,
	"failing_since" timestamp with time zone NOT NULL,
	"failure_kind" text NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"opened_run" integer NOT NULL,
	"next_probe_at" timestamp with time zone NOT NULL,
	"probes" smallint DEFAULT 0 NOT NULL,
	"closed_at" timestamp with time zone,
	"closed_run" integer,
	CONSTRAINT "breaker_terms_closed" CHECK (("breaker_terms"."closed_at" is null) = ("breaker_terms"."closed_run" is null)),
	CONSTRAINT "breaker_terms_failures" CHECK ("breaker_terms"."failures" >= 1 and "breaker_terms"."probes" >= 0)
);
--> statement-breakpoint
ALTER TABLE "breaker_terms" ADD CONSTRAINT "breaker_terms_opened_run" FOREIGN KEY ("opened_run") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breaker_terms" ADD CONSTRAINT "breaker_terms_closed_run" FOREIGN KEY ("closed_run") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "breaker_terms_one_open" ON "breaker_terms" USING btree ("platform") WHERE "breaker_terms"."closed_at" is null;--> statement-breakpoint
CREATE INDEX "breaker_terms_by_platform" ON "breaker_terms" USING btree ("platform","id");