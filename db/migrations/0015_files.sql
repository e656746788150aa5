CREATE TABLE "files" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "files_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"run_id" integer NOT NULL,
	"name" text NOT NULL,
	"holds" text NOT NULL,
	"platforms" text[] NOT NULL,
	"rows" integer NOT NULL,
	"whole" boolean NOT NULL,
	"actor" jsonb NOT NULL,
	"content" "bytea",
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_run" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "files_by_run" ON "files" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "files_by_time" ON "files" USING btree ("at");