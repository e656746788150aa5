/** Stores what platforms yield: set by set, and only what differs from what is stored, so that a repeat writes nothing. */
import type { EventOdds, ScrapedRecord } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import { deleteOdds, upsertEvents, upsertOdds, type EventRow, type OddsKey, type OddsRow } from './record-rows.ts';
import { compareOdds, secondsOf, storable, storedOdds } from './stored-odds.ts';

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
  for (const record of records) events.set(eventKey(record.platform, record.country, storable(record.eventId)), record);
  const sites = new Set(Array.from(events.values(), ({ platform, country }) => `${platform} ${country}`));
  for (const site of [...sites].toSorted()) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rescrape records ${site}`}, 0))`);
  }
  const counts: StoredCounts = { events: 0, odds: 0, dropped: 0 };
  const all = [...events];
  for (let at = 0; at < all.length; at += eventsAtOnce) {
    const some = await storeSome(tx, new Map(all.slice(at, at + eventsAtOnce)));
    counts.events += some.events;
    counts.odds += some.odds;
    counts.dropped += some.dropped;
  }
  return counts;
}

async function storeSome(tx: Db, wanted: Map<string, EventOdds>): Promise<StoredCounts> {
  const rows = new Map(Array.from(wanted, ([key, event]) => [key, eventRow(event)]));
  const stored = await storedEvents(tx, [...rows.values()]);
  const changed = [...rows].filter(([key, row]) => stored.get(key)?.digest !== digest(row)).map(([, row]) => row);
  const ids = new Map(Array.from(stored, ([key, { id }]) => [key, id]));
  const written = await upsertEvents(tx, changed);
  for (const { id, platform, country, source_id } of written) ids.set(eventKey(platform, country, source_id), id);

  const put: OddsRow[] = [];
  const drop: OddsKey[] = [];
  const known = await storedOdds(
    tx,
    Array.from(stored.values(), ({ id }) => id),
  );
  for (const [key, { prices }] of wanted) {
    const id = ids.get(key);
    if (id === undefined) throw new Error('An event was neither found nor stored.');
    const difference = compareOdds(id, known.get(id) ?? '', prices);
    put.push(...difference.put);
    drop.push(...difference.drop);
  }
  const dropped = await deleteOdds(tx, drop);
  return { events: written.length, odds: await upsertOdds(tx, put), dropped };
}

async function storedEvents(tx: Db, rows: EventRow[]): Promise<Map<string, { id: string; digest: string }>> {
  const keys = rows.map(({ platform, country, source_id }) => ({ platform, country, source_id }));
  const found = await tx.execute<EventRow & { id: string }>(sql`
    select e.id, e.platform, e.country, e.source_id, e.sportradar_id, e.genius_id, e.home, e.away, e.sport,
           e.competition_id, e.competition, e.competition_country, date_part('epoch', e.kickoff) as kickoff, e.live
    from json_to_recordset(${JSON.stringify(keys)}::json) as k (platform text, country text, source_id text)
    join events e using (platform, country, source_id)`);
  return new Map(
    found.map(({ id, ...row }) => [eventKey(row.platform, row.country, row.source_id), { id, digest: digest(row) }]),
  );
}

function eventRow(event: EventOdds): EventRow {
  return {
    platform: event.platform,
    country: event.country,
    source_id: storable(event.eventId),
    sportradar_id: storableOrNull(event.sportradarId),
    genius_id: storableOrNull(event.geniusId),
    home: storable(event.home),
    away: storable(event.away),
    sport: event.sport,
    competition_id: storableOrNull(event.competition.id),
    competition: storable(event.competition.name),
    competition_country: storableOrNull(event.competition.country),
    kickoff: secondsOf(event.kickoff),
    live: event.live,
  };
}

function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text);
}

function eventKey(platform: string, country: string, sourceId: string): string {
  return `${platform} ${country} ${sourceId}`;
}

/** Everything of an event that can change. */
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
