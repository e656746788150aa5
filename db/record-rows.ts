/** Rows of book events and odds as JSON, written by the set: one statement of one parameter, however many rows. */
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';

/** A row of `book_events` as it is written and compared; `kickoff` in seconds since 1970. */
export interface BookEventRow extends Record<string, unknown> {
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

/** The same with when the answer about it arrived, in seconds since 1970. */
export interface SeenRow extends BookEventRow {
  seen: number;
}

/** The same with the match it belongs to. */
export interface PlacedRow extends SeenRow {
  event_id: string;
}

/** What makes a price the same price. Ids are bigint, so text. */
export interface OddsKey {
  book_event_id: string;
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

/** A row of `odds_changes`; `at` in seconds since 1970. */
export interface OddsChange extends OddsKey {
  old_price: number | null;
  new_price: number | null;
  at: number;
}

const rowsAtOnce = 5000;

/** Writes book events; answers the identity and id of those it wrote. Under the matching lock alone: it names matches. */
export async function upsertBookEvents(
  tx: Db,
  rows: PlacedRow[],
): Promise<{ id: string; platform: string; country: string; source_id: string }[]> {
  if (rows.length === 0) return [];
  return tx.execute<{ id: string; platform: string; country: string; source_id: string }>(sql`
    insert into book_events as b (event_id, platform, country, source_id, sportradar_id, genius_id, home, away, sport,
                                  competition_id, competition, competition_country, kickoff, live, first_seen_at,
                                  last_seen_at)
    select event_id, platform, country, source_id, sportradar_id, genius_id, home, away, sport, competition_id,
           competition, competition_country, to_timestamp(kickoff), live, to_timestamp(seen), to_timestamp(seen)
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (
      event_id bigint, platform text, country text, source_id text, sportradar_id text, genius_id text, home text,
      away text, sport text, competition_id text, competition text, competition_country text, kickoff float8,
      live boolean, seen float8)
    on conflict (platform, country, source_id) do update set
      event_id = excluded.event_id, sportradar_id = excluded.sportradar_id, genius_id = excluded.genius_id,
      home = excluded.home, away = excluded.away, sport = excluded.sport, competition_id = excluded.competition_id,
      competition = excluded.competition, competition_country = excluded.competition_country,
      kickoff = excluded.kickoff, live = excluded.live,
      last_seen_at = greatest(b.last_seen_at, excluded.last_seen_at),
      updated_at = case
        when (b.event_id, b.sportradar_id, b.genius_id, b.home, b.away, b.sport, b.competition_id, b.competition,
              b.competition_country, b.kickoff, b.live)
             is distinct from
             (excluded.event_id, excluded.sportradar_id, excluded.genius_id, excluded.home, excluded.away,
              excluded.sport, excluded.competition_id, excluded.competition, excluded.competition_country,
              excluded.kickoff, excluded.live)
        then now() else b.updated_at end
    returning b.id, b.platform, b.country, b.source_id`);
}

function insertion(batch: string): ReturnType<typeof sql> {
  return sql`
    insert into odds as o (book_event_id, market, period, line, outcome, price, source_market_id, source_outcome_id,
                           source_updated_at)
    select book_event_id, market, period, line, outcome, price, source_market_id, source_outcome_id,
           to_timestamp(source_updated_at)
    from json_to_recordset(${batch}::json) as r (
      book_event_id bigint, market text, period text, line float8, outcome text, price float8, source_market_id text,
      source_outcome_id text, source_updated_at float8)`;
}

/** Writes prices of events that had none: a fifth faster than looking for each first. Answers how many there were. */
export async function insertOdds(tx: Db, rows: OddsRow[]): Promise<number> {
  return inBatches(rows, insertion, tx);
}

/** Writes prices, and leaves alone those that are already as wanted. Answers how many were written. */
export async function upsertOdds(tx: Db, rows: OddsRow[]): Promise<number> {
  return inBatches(
    rows,
    (batch) => sql`
    ${insertion(batch)}
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
    using json_to_recordset(${batch}::json) as k (
      book_event_id bigint, market text, period text, line float8, outcome text)
    where o.book_event_id = k.book_event_id and o.market = k.market and o.period = k.period
      and o.line is not distinct from k.line and o.outcome = k.outcome`,
    tx,
  );
}

/** Remembers how prices moved. */
export async function insertOddsChanges(tx: Db, changes: OddsChange[]): Promise<number> {
  return inBatches(
    changes,
    (batch) => sql`
    insert into odds_changes (book_event_id, market, period, line, outcome, old_price, new_price, at)
    select book_event_id, market, period, line, outcome, old_price, new_price, to_timestamp(at)
    from json_to_recordset(${batch}::json) as c (
      book_event_id bigint, market text, period text, line float8, outcome text, old_price float8, new_price float8,
      at float8)`,
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
