/** A match as one book shows it: its row, what is stored of it, and whether the two differ. */
import type { EventOdds } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import type { BookEventRow } from './record-rows.ts';
import { secondsOf, storable, storableOrNull } from './storable.ts';

/** A stored row with its id, when it was last seen, in seconds since 1970, and the hash of its prices where there is one. */
export interface StoredBookEvent {
  id: string;
  row: BookEventRow;
  lastSeen: number;
  digest: string | null;
}

/** How exact `last_seen_at` is, seconds. */
const seenEvery = 3600;

/** What makes a book's event the same event. */
export function bookEventKey(platform: string, country: string, sourceId: string): string {
  return `${platform} ${country} ${sourceId}`;
}

/** The rows of these events that are stored already, by their key. */
export async function storedBookEvents(tx: Db, events: readonly EventOdds[]): Promise<Map<string, StoredBookEvent>> {
  if (events.length === 0) return new Map();
  const keys = events.map(({ platform, country, eventId }) => ({ platform, country, source_id: storable(eventId) }));
  const found = await tx.execute<BookEventRow & { id: string; last_seen: number; digest: string | null }>(sql`
    select b.id, b.platform, b.country, b.source_id, b.sportradar_id, b.genius_id, b.home, b.away, b.sport,
           b.competition_id, b.competition, b.competition_country, date_part('epoch', b.kickoff) as kickoff, b.live,
           date_part('epoch', b.last_seen_at) as last_seen, d.digest
    from json_to_recordset(${JSON.stringify(keys)}::json) as k (platform text, country text, source_id text)
    join book_events b using (platform, country, source_id)
    left join odds_digests d on d.book_event_id = b.id`);
  return new Map(
    found.map(({ id, last_seen, digest, ...row }) => [
      bookEventKey(row.platform, row.country, row.source_id),
      { id, row, lastSeen: last_seen, digest },
    ]),
  );
}

/** The row an event wants to be. An id that was known before and is not told this time is still its id. */
export function bookEventRow(event: EventOdds, before: StoredBookEvent | undefined): BookEventRow {
  return {
    platform: event.platform,
    country: event.country,
    source_id: storable(event.eventId),
    sportradar_id: storableOrNull(event.sportradarId) ?? before?.row.sportradar_id ?? null,
    genius_id: storableOrNull(event.geniusId) ?? before?.row.genius_id ?? null,
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

/** Whether a row has to be written: something of it changed, or it was last said to be seen an hour ago. */
export function differs(row: BookEventRow, seen: number, { row: before, lastSeen }: StoredBookEvent): boolean {
  if (seen - lastSeen >= seenEvery) return true;
  return (Object.keys(row) as (keyof BookEventRow)[]).some((name) => row[name] !== before[name]);
}
