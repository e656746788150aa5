/** The kinds of records that can be exported: their columns, and how a job's rows are found. */
import { sql, type SQL } from './drizzle.ts';

/** One kind of records: its columns in their order, and how its rows are selected. */
export interface RecordKind {
  kind: string;
  columns: readonly string[];
  select: (jobIds: readonly number[]) => SQL;
}

/** Every kind of records there is; a run's file names say which one it holds. */
export const recordKinds: readonly RecordKind[] = [
  {
    kind: 'odds',
    columns: [
      'run',
      'platform',
      'country',
      'event',
      'book_event',
      'sportradar_id',
      'home',
      'away',
      'competition',
      'competition_country',
      'kickoff',
      'market',
      'period',
      'line',
      'outcome',
      'price',
      'market_id',
      'outcome_id',
    ],
    select: selectOdds,
  },
  {
    kind: 'listings',
    columns: [
      'run',
      'platform',
      'listing',
      'url',
      'lot',
      'title',
      'year',
      'make',
      'model',
      'vin',
      'chassis',
      'status',
      'price',
      'price_kind',
      'currency',
      'no_reserve',
      'bids',
      'ends_at',
      'seller_type',
      'location',
      'country',
      'mileage',
      'mileage_unit',
      'images',
      'updated_at',
    ],
    select: selectListings,
  },
];

/**
 * A price is what it was when the job ended: where it moved later, the first later change tells what it was before.
 * What has not moved since is as it stands.
 */
function selectOdds(jobIds: readonly number[]): SQL {
  return sql`
    with wanted as (
      select distinct j.run_id, coalesce(j.finished_at, now()) as until, b.id, b.event_id, b.platform, b.country,
             b.source_id, b.sportradar_id, b.home, b.away, b.competition, b.competition_country, b.kickoff
      from jobs j cross join lateral delivered_items(j.id) d
      join book_events b on b.platform = j.platform and b.source_id = d.key
      where j.id in (${list(jobIds)})
    ), later as (
      select distinct on (c.book_event_id, c.market, c.period, c.line, c.outcome) c.*
      from wanted w join odds_changes c on c.book_event_id = w.id and c.at > w.until
      order by c.book_event_id, c.market, c.period, c.line, c.outcome, c.at, c.id
    ), offered as (
      select l.book_event_id, l.market, l.period, l.line, l.outcome, l.old_price as price
      from later l where l.old_price is not null
      union all
      select o.book_event_id, o.market, o.period, o.line, o.outcome, o.price
      from odds o join wanted w on w.id = o.book_event_id
      where not exists (select 1 from later l where l.book_event_id = o.book_event_id and l.market = o.market
        and l.period = o.period and l.outcome = o.outcome and l.line is not distinct from o.line)
    )
    select w.run_id as run, w.platform, w.country, w.event_id::text as event, w.source_id as book_event, w.sportradar_id,
           w.home, w.away, w.competition, w.competition_country, ${iso(sql`w.kickoff`)} as kickoff,
           f.market, f.period, f.line, f.outcome, f.price, o.source_market_id as market_id,
           o.source_outcome_id as outcome_id
    from wanted w join offered f on f.book_event_id = w.id
    left join odds o on o.book_event_id = f.book_event_id and o.market = f.market and o.period = f.period
      and o.outcome = f.outcome and o.line is not distinct from f.line
    order by w.platform, w.kickoff, w.id, f.market, f.period, f.line nulls first, f.outcome`;
}

/** Lots as they are stored now: `updated_at` says since when. */
function selectListings(jobIds: readonly number[]): SQL {
  return sql`
    select distinct on (l.id) j.run_id as run, l.platform, l.listing_id as listing, l.url, l.lot_number as lot, l.title,
           l.year, l.make, l.model, l.vin, l.chassis, l.status, l.price, l.price_kind, l.currency, l.no_reserve,
           l.bid_count as bids, ${iso(sql`l.ends_at`)} as ends_at, l.seller_type, l.location, l.country, l.mileage,
           l.mileage_unit, jsonb_array_length(l.image_urls) as images, ${iso(sql`l.updated_at`)} as updated_at
    from jobs j cross join lateral delivered_items(j.id) d
    join listings l on l.platform = j.platform and l.listing_id = d.key
    where j.id in (${list(jobIds)}) order by l.id`;
}

/** A moment as ISO 8601 in UTC. */
export function iso(moment: SQL): SQL {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

/** Ids as rows of a subquery. */
export function list(ids: readonly number[]): SQL {
  return sql`select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)`;
}
