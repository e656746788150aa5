/** The tables of auctions and their images. */
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  sql,
  text,
  unique,
} from './drizzle.ts';
import { moment } from './schema.ts';

/** A lot as its page says now. Identity: platform and the site's own number; a car is sold several times, so no VIN is a key. */
export const listings = pgTable(
  'listings',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    platform: text('platform').notNull(),
    listingId: text('listing_id').notNull(),
    url: text('url').notNull(),
    lotNumber: text('lot_number'),
    title: text('title').notNull(),
    year: integer('year'),
    make: text('make'),
    model: text('model'),
    vin: text('vin'),
    vinCheckDigitOk: boolean('vin_check_digit_ok'),
    chassis: text('chassis'),
    /** Whole units of the currency; what it is says `price_kind`: a high bid is no sale. */
    price: integer('price'),
    priceKind: text('price_kind'),
    currency: text('currency'),
    status: text('status').notNull(),
    noReserve: boolean('no_reserve'),
    bidCount: integer('bid_count'),
    commentCount: integer('comment_count'),
    views: integer('views'),
    watchers: integer('watchers'),
    endsAt: moment('ends_at'),
    seller: text('seller'),
    sellerType: text('seller_type'),
    location: text('location'),
    country: text('country'),
    mileage: integer('mileage'),
    mileageUnit: text('mileage_unit'),
    mileageUnknown: boolean('mileage_unknown').notNull(),
    details: jsonb('details').$type<string[]>().notNull(),
    description: text('description'),
    imageUrls: jsonb('image_urls').$type<string[]>().notNull(),
    /** Nothing more is expected: its end is two days ago and it was looked at since, or the site has it no more. */
    settled: boolean('settled').notNull().default(false),
    firstSeenAt: moment('first_seen_at').notNull().defaultNow(),
    /** When something of this row last changed; an unchanged answer does not touch it. */
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('listings_identity').on(t.platform, t.listingId),
    index('listings_by_url').on(t.url),
    index('listings_by_vin').on(t.vin),
    index('listings_unsettled')
      .on(t.platform, t.endsAt)
      .where(sql`not ${t.settled}`),
    check('listings_status', sql`${t.status} in ('live','sold','reserve_not_met','withdrawn','ended')`),
    check('listings_price_kind', sql`(${t.price} is null) = (${t.priceKind} is null)`),
    check('listings_vin', sql`(${t.vin} is null) = (${t.vinCheckDigitOk} is null)`),
  ],
);

/** How a lot's status and price moved; the first answer about it is no change. */
export const listingChanges = pgTable(
  'listing_changes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    listing: bigint('listing', { mode: 'number' }).notNull(),
    oldStatus: text('old_status').notNull(),
    newStatus: text('new_status').notNull(),
    oldPrice: integer('old_price'),
    newPrice: integer('new_price'),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'listing_changes_listing', columns: [t.listing], foreignColumns: [listings.id] }).onDelete(
      'cascade',
    ),
    index('listing_changes_by_listing').on(t.listing, t.id),
  ],
);

/** The images of a lot, at most 50, whether downloaded or not. Files lie under DATA_DIR/images, by what is in them. */
export const listingImages = pgTable(
  'listing_images',
  {
    listing: bigint('listing', { mode: 'number' }).notNull(),
    url: text('url').notNull(),
    position: integer('position').notNull(),
    state: text('state').notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    path: text('path'),
    sha256: text('sha256'),
    bytes: integer('bytes'),
    type: text('type'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.listing, t.url] }),
    foreignKey({ name: 'listing_images_listing', columns: [t.listing], foreignColumns: [listings.id] }).onDelete(
      'cascade',
    ),
    index('listing_images_by_url').on(t.url),
    index('listing_images_open')
      .on(t.listing)
      .where(sql`${t.state} in ('pending','failed')`),
    check('listing_images_state', sql`${t.state} in ('pending','stored','failed','gone')`),
    check('listing_images_stored', sql`(${t.state} = 'stored') = (${t.path} is not null)`),
  ],
);
