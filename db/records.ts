/** Stores what platforms yield: set by set, and only what differs from what is stored, so that a repeat writes nothing. */
import type { EventOdds, ScrapedRecord } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import { deleteOdds, upsertEvents, upsertOdds, type EventRow, type OddsKey, type OddsRow } from './record-rows.ts';

/** Rows that were written or deleted; all zero when the same answer is stored again. */
export interface StoredCounts {
  events: number;
  odds: number;
  dropped: number;
}

/** Events whose stored prices are compared at once: bounds what is held in memory. */
const eventsAtOnce = 200;

/**
 * Brings events and their prices to what the records say: new and changed ones are written, prices of a named event that
 * are not offered any more are deleted, all within the caller's transaction. An event that is named twice is stored as
 * it was named last. Two transactions that store for one platform take turns, which keeps them from deadlocks.
 */
export async function storeRecords(tx: Db, records: readonly ScrapedRecord[]): Promise<StoredCounts> {
  const events = new Map<string, EventOdds>();
  for (const record of records) events.set(eventKey(record.platform, record.country, clean(record.eventId)), record);
  const counts: StoredCounts = { events: 0, odds: 0, dropped: 0 };
  for (const site of new Set([...events.values()].map((event) => `${event.platform} ${event.country}`).toSorted())) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rescrape records ${site}`}, 0))`);
  }
  const all = [...events];
  for (let at = 0; at < all.length; at += eventsAtOnce)
    await storeSome(tx, new Map(all.slice(at, at + eventsAtOnce)), counts);
  return counts;
}

async function storeSome(tx: Db, wanted: Map<string, EventOdds>, counts: StoredCounts): Promise<void> {
  const rows = new Map([...wanted].map(([key, event]) => [key, eventRow(event)]));
  const stored = await storedEvents(tx, [...rows.values()]);
  const ids = new Map([...stored].map(([key, { id }]) => [key, id]));
  const changed = [...rows].filter(([key, row]) => stored.get(key)?.digest !== digest(row)).map(([, row]) => row);
  for (const { id, ...event } of await upsertEvents(tx, changed)) {
    ids.set(eventKey(event.platform, event.country, event.source_id), id);
    counts.events += 1;
  }

  const offered = new Map<string, OddsRow>();
  for (const [key, event] of wanted) {
    const id = ids.get(key);
    if (id === undefined) throw new Error('An event was neither found nor stored.');
    for (const row of oddsRows(id, event)) offered.set(oddsKey(row), row);
  }
  const dropped: OddsKey[] = [];
  for (const row of await storedOdds(
    tx,
    [...stored.values()].map(({ id }) => id),
  )) {
    const key = oddsKey(row);
    const now = offered.get(key);
    if (now === undefined) dropped.push(row);
    else if (samePrice(now, row)) offered.delete(key);
  }
  counts.dropped += await deleteOdds(tx, dropped);
  counts.odds += await upsertOdds(tx, [...offered.values()]);
}

async function storedEvents(tx: Db, rows: EventRow[]): Promise<Map<string, { id: string; digest: string }>> {
  const found = await tx.execute<EventRow & { id: string }>(sql`
    select e.id, e.platform, e.country, e.source_id, e.sportradar_id, e.genius_id, e.home, e.away, e.sport,
           e.competition_id, e.competition, e.competition_country, date_part('epoch', e.kickoff) as kickoff, e.live
    from json_to_recordset(${JSON.stringify(rows)}::json) as k (platform text, country text, source_id text)
    join events e using (platform, country, source_id)`);
  return new Map(
    found.map(({ id, ...row }) => [eventKey(row.platform, row.country, row.source_id), { id, digest: digest(row) }]),
  );
}

function storedOdds(tx: Db, ids: string[]): Promise<OddsRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return tx.execute<OddsRow & Record<string, unknown>>(sql`
    select event_id, market, period, line, outcome, price, source_market_id, source_outcome_id,
           date_part('epoch', source_updated_at) as source_updated_at
    from odds where event_id = any(${sql.param(ids)}::bigint[])`);
}

function eventRow(event: EventOdds): EventRow {
  return {
    platform: event.platform,
    country: event.country,
    source_id: clean(event.eventId),
    sportradar_id: cleanOrNull(event.sportradarId),
    genius_id: cleanOrNull(event.geniusId),
    home: clean(event.home),
    away: clean(event.away),
    sport: event.sport,
    competition_id: cleanOrNull(event.competition.id),
    competition: clean(event.competition.name),
    competition_country: cleanOrNull(event.competition.country),
    kickoff: seconds(event.kickoff),
    live: event.live,
  };
}

function* oddsRows(eventId: string, { prices }: EventOdds): Generator<OddsRow> {
  for (const price of prices) {
    yield {
      event_id: eventId,
      market: price.market,
      period: price.period,
      line: price.line,
      outcome: price.outcome,
      price: price.price,
      source_market_id: clean(price.sourceMarketId),
      source_outcome_id: clean(price.sourceOutcomeId),
      source_updated_at: price.sourceUpdatedAt === null ? null : seconds(price.sourceUpdatedAt),
    };
  }
}

function samePrice(a: OddsRow, b: OddsRow): boolean {
  return (
    a.price === b.price &&
    a.source_updated_at === b.source_updated_at &&
    a.source_market_id === b.source_market_id &&
    a.source_outcome_id === b.source_outcome_id
  );
}

function eventKey(platform: string, country: string, sourceId: string): string {
  return `${platform} ${country} ${sourceId}`;
}

/** A line of null and a line of 0 are two prices; a line of -0 is 0. */
function oddsKey({ event_id, market, period, line, outcome }: OddsKey): string {
  return `${event_id} ${market} ${period} ${line} ${outcome}`;
}

function digest(row: EventRow): string {
  return JSON.stringify([
    row.sportradar_id,
    row.genius_id,
    row.home,
    row.away,
    row.sport,
    row.competition_id,
    row.competition,
    row.competition_country,
    row.kickoff,
    row.live,
  ]);
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** Postgres takes neither NUL nor half a surrogate pair; one bad letter must not cost a whole batch. */
function clean(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

function cleanOrNull(text: string | null): string | null {
  return text === null ? null : clean(text);
}
