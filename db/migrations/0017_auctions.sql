CREATE TABLE "listing_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "listing_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"listing" bigint NOT NULL,
	"old_status" text NOT NULL,
	"new_status" text NOT NULL,
	"old_price" integer,
	"new_price" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "listing_images" (
	"listing" bigint NOT NULL,
	"url" text NOT NULL,
	"position" integer NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"path" text,
	"sha256" text,
	"bytes" integer,
	"type" text,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "listing_images_listing_url_pk" PRIMARY KEY("listing","url"),
	CONSTRAINT "listing_images_state" CHECK ("listing_images"."state" in ('pending','stored','failed','gone')),
	CONSTRAINT "listing_images_stored" CHECK (("listing_images"."state" = 'stored') = ("listing_images"."path" is not null))
);
--> statement-breakpoint
CREATE TABLE "listings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "listings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"platform" text NOT NULL,
	"listing_id" text NOT NULL,
	"url" text NOT NULL,
	"lot_number" text,
	"title" text NOT NULL,
	"year" integer,
	"make" text,
	"model" text,
	"vin" text,
	"vin_check_digit_ok" boolean,
	"chassis" text,
	"price" integer,
	"price_kind" text,
	"currency" text,
	"status" text NOT NULL,
	"no_reserve" boolean,
	"bid_count" integer,
	"comment_count" integer,
	"views" integer,
	"watchers" integer,
	"ends_at" timestamp with time zone,
	"seller" text,
	"seller_type" text,
	"location" text,
	"country" text,
	"mileage" integer,
	"mileage_unit" text,
	"mileage_unknown" boolean NOT NULL,
	"details" jsonb NOT NULL,
	"description" text,
	"image_urls" jsonb NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "listings_identity" UNIQUE("platform","listing_id"),
	CONSTRAINT "listings_status" CHECK ("listings"."status" in ('live','sold','reserve_not_met','withdrawn','ended')),
	CONSTRAINT "listings_price_kind" CHECK (("listings"."price" is null) = ("listings"."price_kind" is null)),
	CONSTRAINT "listings_vin" CHECK (("listings"."vin" is null) = ("listings"."vin_check_digit_ok" is null))
);
--> statement-breakpoint
ALTER TABLE "listing_changes" ADD CONSTRAINT "listing_changes_listing" FOREIGN KEY ("listing") REFERENCES "public"."listings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "listing_images" ADD CONSTRAINT "listing_images_listing" FOREIGN KEY ("listing") REFERENCES "public"."listings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "listing_changes_by_listing" ON "listing_changes" USING btree ("listing","id");--> statement-breakpoint
CREATE INDEX "listing_images_by_url" ON "listing_images" USING btree ("url");--> statement-breakpoint
CREATE INDEX "listing_images_open" ON "listing_images" USING btree ("listing") WHERE "listing_images"."state" in ('pending','failed');--> statement-breakpoint
CREATE INDEX "listings_by_url" ON "listings" USING btree ("url");--> statement-breakpoint
CREATE INDEX "listings_by_vin" ON "listings" USING btree ("vin");--> statement-breakpoint
CREATE INDEX "listings_unsettled" ON "listings" USING btree ("platform","ends_at") WHERE not "listings"."settled";