/** What stored listings lack, and how it is made up for: whatever run they came from. */
import type { FieldsRecord } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql, type SQL } from './drizzle.ts';
import { isSettledImage } from './listing-images.ts';
import { storableOrNull } from './storable.ts';

/** A backfill's batch: how many listings, and how many items of work they come to. */
export interface Batch {
  listings: number;
  items: number;
}

/** Held until the transaction ends: of a platform's backfills one is decided at a time. */
export async function lockBackfills(tx: Db, platform: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rescrape backfill ${platform}`}, 0))`);
}

/** The run of a backfill of this platform that has not ended, or null. */
export async function openBackfill(tx: Db, platform: string): Promise<number | null> {
  const rows = await tx.execute<{ run: number }>(sql`
    select run_id as run from jobs
    where platform = ${platform} and backfill is not null and finished_at is null order by id limit 1`);
  return rows[0]?.run ?? null;
}

/**
 * Gives a job its batch: at most so many listings, those that were tried least first, then the oldest. What fails again
 * and again goes to the back and holds up nobody. The first image of every listing comes before the second of any.
 */
export async function takeBatch(
  tx: Db,
  job: { id: number; platform: string; what: string; step: string },
  most: number,
): Promise<Batch> {
  const { platform, what } = job;
  // What was never tried is found in the order of the index, without looking through all that lacks something.
  const rows = await tx.execute<{ listings: number; items: number }>(sql`
    with untried as (
      select listing from (${lacking(platform, what)}) l where tries = 0
      group by listing order by listing limit ${most}
    ), chosen as (
      select listing from untried
      union all
      (select listing from (${lacking(platform, what)}) l
       where (select count(*) from untried) < ${most} and listing not in (select listing from untried)
       group by listing order by min(tries), listing limit (select greatest(0, ${most} - count(*)) from untried))
    ), items as (
      insert into work_items (job_id, step, key, priority, payload)
      select distinct on (l.key) ${job.id}::int, ${job.step}, l.key, l.priority, jsonb_build_object('listingId', l.listing_id)
      from chosen join (${lacking(platform, what)}) l using (listing) order by l.key, l.listing
      returning 1
    ), batch as (
      select (select count(*)::int from chosen) as listings, (select count(*)::int from items) as items
    ), counted as (
      update jobs set discovered = true, items_total = batch.items from batch where jobs.id = ${job.id}
    )
    select listings, items from batch`);
  return rows[0] ?? { listings: 0, items: 0 };
}

/** How many listings lack it. `left` are without those whose page was read again for it since it was kept. */
export async function countLacking(db: Db, platform: string, what: string): Promise<{ all: number; left: number }> {
  // A listing has dozens of images: the first that is not here is enough to know.
  const rows = await db.execute<{ all: number; left: number }>(
    what === 'images'
      ? sql`
        select count(*)::int as "all", count(*)::int as "left" from listings l
        where l.platform = ${platform} and exists (
          select 1 from listing_images o where o.listing = l.id and ${isMissingImage})`
      : sql`
        select count(*)::int as "all", (count(*) filter (where unread))::int as "left"
        from (${keptPages(platform, what)}) l`,
  );
  return rows[0] ?? { all: 0, left: 0 };
}

/** Fills what stored listings lack; what they have stays. Answers how many rows were written. */
export async function fillFields(tx: Db, records: readonly FieldsRecord[]): Promise<number> {
  if (records.length === 0) return 0;
  for (const platform of new Set(records.map((record) => record.platform))) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rescrape records ${platform}`}, 0))`);
  }
  const rows = await tx.execute(sql`
    update listings l set ${filled}, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(records.map(fieldsRow))}::jsonb) as r (platform text, listing_id text, ${types})
    where l.platform = r.platform and l.listing_id = r.listing_id and (${fillsSomething}) returning 1`);
  return rows.length;
}

/** Columns that can be filled, with their types; what belongs to another is filled with it or not at all. */
const columns = {
  vin: { type: 'text' },
  vin_check_digit_ok: { type: 'boolean', with: 'vin' },
  chassis: { type: 'text' },
  year: { type: 'int' },
  make: { type: 'text' },
  model: { type: 'text' },
  mileage: { type: 'int' },
  mileage_unit: { type: 'text', with: 'mileage' },
  location: { type: 'text' },
  country: { type: 'text' },
  seller: { type: 'text' },
} as const;

const entries = Object.entries<{ type: string; with?: string }>(columns);
const types = sql.raw(entries.map(([name, { type }]) => `${name} ${type}`).join(', '));
const filled = sql.raw(
  entries
    .map(
      ([name, { with: leader = name }]) => `${name} = case when l.${leader} is null then r.${name} else l.${name} end`,
    )
    .join(', '),
);
const fillsSomething = sql.raw(
  entries.map(([name, { with: leader = name }]) => `l.${leader} is null and r.${name} is not null`).join(' or '),
);

type Row = Record<keyof typeof columns | 'platform' | 'listing_id', unknown>;

function fieldsRow({ platform, listingId, fields }: FieldsRecord): Row {
  return {
    platform,
    listing_id: listingId,
    vin: fields.vin,
    vin_check_digit_ok: fields.vinCheckDigitOk,
    chassis: storableOrNull(fields.chassis ?? null),
    year: fields.year,
    make: storableOrNull(fields.make ?? null),
    model: storableOrNull(fields.model ?? null),
    mileage: fields.mileage,
    mileage_unit: fields.mileageUnit,
    location: storableOrNull(fields.location ?? null),
    country: storableOrNull(fields.country ?? null),
    seller: storableOrNull(fields.seller ?? null),
  };
}

/** Items of work for what is lacking; several of one listing where images are. */
function lacking(platform: string, what: string): SQL {
  return what === 'images' ? missingImages(platform) : keptPages(platform, what);
}

function missingImages(platform: string): SQL {
  return sql`
    select l.id as listing, l.listing_id, o.url as key, o.position as priority, o.attempts as tries, true as unread
    from listings l join listing_images o on o.listing = l.id
    where l.platform = ${platform} and ${isMissingImage}`;
}

/** An image, as `o`, that is still to come: it is neither here nor gone, nor is it under another listing. */
const isMissingImage = sql`o.state in ('pending','failed')
  and not exists (select 1 from listing_images i where i.url = o.url and ${isSettledImage})`;

/** A page that was kept because the site refused is no page of a listing. */
const readable = sql.raw(`'incomplete','drifted','internal'`);

function keptPages(platform: string, what: string): SQL {
  if (!Object.hasOwn(columns, what)) throw new Error(`listings have no column ${what} that could be filled`);
  return sql`
    select l.id as listing, l.listing_id, l.listing_id as key, l.id as priority, coalesce(b.tries, 0) as tries,
           b.last_at is null or b.last_at < k.at as unread
    from kept_answers k join listings l on l.platform = k.platform and l.listing_id = k.item_key
    left join (
      select w.key, count(*) as tries, max(w.updated_at) as last_at
      from jobs j join work_items w on w.job_id = j.id
      where j.platform = ${platform} and j.backfill = ${what} and w.attempts > 0 group by w.key) b on b.key = k.item_key
    where k.platform = ${platform} and k.step = 'extract' and k.why in (${readable})
      and l.${sql.raw(what)} is null`;
}
