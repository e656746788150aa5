/** Stores lots of auctions: what differs is written, how status and price moved is remembered, a repeat writes nothing. */
import type { ListingRecord, WorkItemSeed } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import { storeListedImages } from './listing-images.ts';
import { storable, storableOrNull } from './storable.ts';

/** Days after its end a lot's result may still change: about 1 % of those whose reserve was not met are sold later. */
const openAfterEnd = sql.raw(`interval '48 hours'`);

/** Brings lots to what the records say; one that is named twice is stored as it was named last. Answers how many rows were written. */
export async function storeListings(tx: Db, records: readonly ListingRecord[]): Promise<number> {
  if (records.length === 0) return 0;
  const wanted = new Map(records.map((record) => [`${record.platform} ${record.listingId}`, listingRow(record)]));
  for (const platform of new Set(records.map((record) => record.platform))) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rescrape records ${platform}`}, 0))`);
  }
  const json = JSON.stringify([...wanted.values()]);
  const rows = await tx.execute<{ written: number }>(sql`
    with wanted as (
      select w.*, w.ends_at is null or w.status in (${finalStatuses}) and w.fetched_at >= w.ends_at + ${openAfterEnd} as seen_late
      from jsonb_to_recordset(${json}::jsonb) as w (${columnTypes}, fetched_at timestamptz)
    ), before as (
      select l.id, l.status, l.price from listings l join wanted w using (platform, listing_id)
    ), written as (
      insert into listings as l (${columns}, settled)
      select ${columns}, seen_late and status in (${finalStatuses}) from wanted
      on conflict (platform, listing_id) do update set
        (${columns}, settled) = (${excluded}, l.settled or excluded.settled), updated_at = now()
      where (${stored}, l.settled) is distinct from (${excluded}, l.settled or excluded.settled)
      returning l.id, l.status, l.price
    ), moved as (
      insert into listing_changes (listing, old_status, new_status, old_price, new_price)
      select b.id, b.status, n.status, b.price, n.price from before b join written n using (id)
      where (b.status, b.price) is distinct from (n.status, n.price)
    )
    select count(*)::int as written from written`);
  await storeListedImages(tx, [...wanted.values()]);
  return rows[0]?.written ?? 0;
}

/** Lots that the site has no more: nothing is expected of them, and they keep what was known. */
export async function settleListings(tx: Db, platform: string, listingIds: readonly string[]): Promise<void> {
  if (listingIds.length === 0) return;
  await tx.execute(sql`
    update listings set settled = true, updated_at = now()
    where platform = ${platform} and not settled
      and listing_id in (select jsonb_array_elements_text(${JSON.stringify(listingIds)}::jsonb))`);
}

/**
 * Lots to be looked at once more: those that ended since we saw them running, and those whose result was young when we
 * did. The longest overdue first, some hundreds at a time.
 */
export async function dueListings(db: Db, platform: string): Promise<WorkItemSeed[]> {
  const rows = await db.execute<{ key: string; url: string; ends: number }>(sql`
    select listing_id as key, url, coalesce(date_part('epoch', ends_at), 0)::float8 as ends from listings l
    where platform = ${platform} and not settled and ends_at <= now() and not ${isFinalForNow}
    order by ends_at limit 500`);
  return rows.map(({ key, url, ends }) => ({ key, priority: Math.round(ends * 1000), payload: { url } }));
}

const finalStatuses = sql.raw(`'sold','reserve_not_met','withdrawn'`);

/** Of a listing `l`: whether asking for it now would bring nothing new. */
export const isFinalForNow = sql`(l.settled or l.status in (${finalStatuses})
  and now() < coalesce(l.ends_at, l.first_seen_at) + ${openAfterEnd})`;

/** Columns a record fills, with their types. */
const fields = {
  platform: 'text',
  listing_id: 'text',
  url: 'text',
  lot_number: 'text',
  title: 'text',
  year: 'int',
  make: 'text',
  model: 'text',
  vin: 'text',
  vin_check_digit_ok: 'boolean',
  chassis: 'text',
  price: 'int',
  price_kind: 'text',
  currency: 'text',
  status: 'text',
  no_reserve: 'boolean',
  bid_count: 'int',
  comment_count: 'int',
  views: 'int',
  watchers: 'int',
  ends_at: 'timestamptz',
  seller: 'text',
  seller_type: 'text',
  location: 'text',
  country: 'text',
  mileage: 'int',
  mileage_unit: 'text',
  mileage_unknown: 'boolean',
  details: 'jsonb',
  description: 'text',
  image_urls: 'jsonb',
} as const;

const names = Object.keys(fields);
const columns = sql.raw(names.join(', '));
const columnTypes = sql.raw(
  Object.entries(fields)
    .map(([name, type]) => `${name} ${type}`)
    .join(', '),
);
const excluded = sql.raw(names.map((name) => `excluded.${name}`).join(', '));
const stored = sql.raw(names.map((name) => `l.${name}`).join(', '));

/** A row as it is written and compared. */
export type ListingRow = Record<keyof typeof fields, unknown> & {
  platform: string;
  listing_id: string;
  image_urls: string[];
  fetched_at: string;
};

function listingRow(record: ListingRecord): ListingRow {
  return {
    platform: record.platform,
    listing_id: storable(record.listingId),
    url: storable(record.url),
    lot_number: storableOrNull(record.lotNumber),
    title: storable(record.title),
    year: record.year,
    make: storableOrNull(record.make),
    model: storableOrNull(record.model),
    vin: record.vin,
    vin_check_digit_ok: record.vinCheckDigitOk,
    chassis: storableOrNull(record.chassis),
    price: record.price,
    price_kind: record.priceKind,
    currency: record.currency,
    status: record.status,
    no_reserve: record.noReserve,
    bid_count: record.bidCount,
    comment_count: record.commentCount,
    views: record.views,
    watchers: record.watchers,
    ends_at: record.endsAt,
    seller: storableOrNull(record.seller),
    seller_type: record.sellerType,
    location: storableOrNull(record.location),
    country: storableOrNull(record.country),
    mileage: record.mileage,
    mileage_unit: record.mileageUnit,
    mileage_unknown: record.mileageUnknown,
    details: record.details.map(storable),
    description: storableOrNull(record.description),
    image_urls: record.imageUrls.map(storable),
    fetched_at: record.fetchedAt,
  };
}
