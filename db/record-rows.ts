/** Rows of events and odds as JSON, written by the set: one statement of one parameter, however many rows. */
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';

/** A row of `events` as it is written and compared; `kickoff` in seconds since 1970. */
export interface EventRow extends Record<string, unknown> {
  platform: string;
  country: string;
  source_id: string;
  sportradar_id: string | null;
  genius_id: string | null;
  home: string;
  away: string;
  sport: string;
  competition_id: string | null;
  competition: string;
  competition_country: string | null;
  kickoff: number;
  live: boolean;
}

/** What makes a price the same price. Ids are bigint, so text. */
export interface OddsKey {
  event_id: string;
  market: string;
  period: string;
  line: number | null;
  outcome: string;
}

/** A row of `odds` as it is written and compared; `source_updated_at` in seconds since 1970. */
export interface OddsRow extends OddsKey {
  price: number;
  source_market_id: string;
  source_outcome_id: string;
  source_updated_at: number | null;
}

const rowsAtOnce = 2000;

/** Writes events; answers the identity and id of those it wrote. */
export async function upsertEvents(
  tx: Db,
  rows: EventRow[],
): Promise<{ id: string; platform: string; country: string; source_id: string }[]> {
  if (rows.length === 0) return [];
  return tx.execute<{ id: string; platform: string; country: string; source_id: string }>(sql`
    insert into events as e (platform, country, source_id, sportradar_id, genius_id, home, away, sport,
                             competition_id, competition, competition_country, kickoff, live)
    select platform, country, source_id, sportradar_id, genius_id, home, away, sport,
           competition_id, competition, competition_country, to_timestamp(kickoff), live
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      platform text, country text, source_id text, sportradar_id text, genius_id text, home text, away text, sport text,
      competition_id text, competition text, competition_country text, kickoff float8, live boolean)
    on conflict (platform, country, source_id) do update set
      sportradar_id = excluded.sportradar_id, genius_id = excluded.genius_id, home = excluded.home,
      away = excluded.away, sport = excluded.sport, competition_id = excluded.competition_id,
      competition = excluded.competition, competition_country = excluded.competition_country,
      kickoff = excluded.kickoff, live = excluded.live, updated_at = now()
    returning e.id, e.platform, e.country, e.source_id`);
}

/** Writes prices, and leaves alone those that are already as wanted. Answers how many were written. */
export async function upsertOdds(tx: Db, rows: OddsRow[]): Promise<number> {
  return inBatches(
    rows,
    (batch) => sql`
    insert into odds as o (event_id, market, period, line, outcome, price, source_market_id, source_outcome_id,
                           source_updated_at)
    select event_id, market, period, line, outcome, price, source_market_id, source_outcome_id,
           to_timestamp(source_updated_at)
    from json_to_recordset(${batch}::json) as r (
      event_id bigint, market text, period text, line float8, outcome text, price float8, source_market_id text,
      source_outcome_id text, source_updated_at float8)
    on conflict on constraint odds_identity do update set
      price = excluded.price, source_market_id = excluded.source_market_id,
      source_outcome_id = excluded.source_outcome_id, source_updated_at = excluded.source_updated_at,
      updated_at = now()
    where (o.price, o.source_market_id, o.source_outcome_id, o.source_updated_at)
      is distinct from
      (excluded.price, excluded.source_market_id, excluded.source_outcome_id, excluded.source_updated_at)`,
    tx,
  );
}

/** Deletes prices by their identity. Answers how many there were. */
export async function deleteOdds(tx: Db, keys: OddsKey[]): Promise<number> {
  return inBatches(
    keys,
    (batch) => sql`
    delete from odds o
    using json_to_recordset(${batch}::json) as k (event_id bigint, market text, period text, line float8, outcome text)
    where o.event_id = k.event_id and o.market = k.market and o.period = k.period
      and o.line is not distinct from k.line and o.outcome = k.outcome`,
    tx,
  );
}

async function inBatches(
  rows: readonly unknown[],
  statement: (json: string) => ReturnType<typeof sql>,
  tx: Db,
): Promise<number> {
  let count = 0;
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    count += (await tx.execute(statement(JSON.stringify(rows.slice(at, at + rowsAtOnce))))).count;
  }
  return count;
}
