CREATE TABLE "notes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "notes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"text" text NOT NULL,
	"actor" jsonb NOT NULL,
	"starts_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	CONSTRAINT "notes_text" CHECK (length("notes"."text") between 1 and 300),
	CONSTRAINT "notes_end" CHECK ("notes"."ends_at" >= "notes"."starts_at")
);
--> statement-breakpoint
CREATE INDEX "notes_by_end" ON "notes" USING btree ("ends_at");