CREATE TABLE "notices" (
	"surface" text NOT NULL,
	"channel" text NOT NULL,
	"name" text NOT NULL,
	"message" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"ref" jsonb,
	"dead_reason" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notices_surface_channel_name_pk" PRIMARY KEY("surface","channel","name"),
	CONSTRAINT "notices_state" CHECK ("notices"."state" in ('waiting','sending','posted','dead')),
	CONSTRAINT "notices_posted" CHECK (("notices"."state" = 'posted') = ("notices"."ref" is not null)),
	CONSTRAINT "notices_dead" CHECK (("notices"."state" = 'dead') = ("notices"."dead_reason" is not null))
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"subject" text NOT NULL,
	"why" text NOT NULL,
	"began_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "outages_one_open" ON "outages" USING btree ("subject") WHERE "outages"."ended_at" is null;