CREATE TABLE "locks" (
	"name" text PRIMARY KEY NOT NULL,
	"term" integer NOT NULL,
	"holder" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
