/** One row of `events` per real match: finds or makes the match of each book event, and joins matches that turn out to be one. */
import { bookEventKey } from './book-events.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import { noteWarnings, type EventWarning } from './event-warnings.ts';
import { upsertBookEvents, type SeenRow } from './record-rows.ts';
import { finalMatch, placeArrivals, type Match, type Neighbour } from './same-match.ts';

/**
 * Writes book events with their matches; answers their ids by key. One transaction at a time does this, over all
 * workers: what two books say of one match at the same moment ends in one row, and nobody waits in a circle.
 */
export async function storeBookEvents(
  tx: Db,
  rows: readonly SeenRow[],
): Promise<{ written: Map<string, string>; warnings: EventWarning[] }> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('rescrape matching', 0))`);
  const neighbours = await neighboursOf(tx, rows);
  const { placed, known } = placeArrivals(
    rows.map((row) => ({ key: keyOf(row), sportradarId: row.sportradar_id, geniusId: row.genius_id })),
    neighbours,
  );
  await joinMatches(tx, known);
  await insertMatches(tx, rows, placed);

  const placedRows = rows.map((row) => ({ ...row, event_id: idOf(placed.get(keyOf(row))) }));
  const written = await upsertBookEvents(tx, placedRows);
  const touched = [
    ...new Set([...placedRows.map(({ event_id }) => event_id), ...neighbours.map((one) => one.eventId)]),
  ];
  await settleMatches(tx, touched);
  return {
    written: new Map(written.map((row) => [keyOf(row), row.id])),
    warnings: await noteWarnings(
      tx,
      written.map(({ id }) => id),
    ),
  };
}

/** Every stored book event that is one of these or goes by an id of theirs. */
async function neighboursOf(tx: Db, rows: readonly SeenRow[]): Promise<Neighbour[]> {
  const wanted = rows.map(({ platform, country, source_id, sportradar_id, genius_id }) => {
    return { platform, country, source_id, sportradar_id, genius_id };
  });
  const found = await tx.execute<{
    platform: string;
    country: string;
    source_id: string;
    event_id: string;
    sportradar_id: string | null;
    genius_id: string | null;
    match_sportradar_id: string | null;
  }>(sql`
    with wanted as (
      select * from json_to_recordset(${JSON.stringify(wanted)}::json) as w (
        platform text, country text, source_id text, sportradar_id text, genius_id text)
    ), near as (
      select b.id from wanted w join book_events b using (platform, country, source_id)
      union select b.id from wanted w join book_events b on b.sportradar_id = w.sportradar_id
      union select b.id from wanted w join book_events b on b.genius_id = w.genius_id
    )
    select b.platform, b.country, b.source_id, b.event_id, b.sportradar_id, b.genius_id,
           e.sportradar_id as match_sportradar_id
    from near join book_events b using (id) join events e on e.id = b.event_id`);
  return found.map((row) => ({
    key: keyOf(row),
    eventId: row.event_id,
    sportradarId: row.sportradar_id,
    geniusId: row.genius_id,
    matchSportradarId: row.match_sportradar_id,
  }));
}

async function joinMatches(tx: Db, known: readonly Match[]): Promise<void> {
  const joined = known.filter((match) => match.mergedInto).map((match) => ({ id: match.id, into: idOf(match) }));
  if (joined.length === 0) return;
  const json = JSON.stringify(joined);
  await tx.execute(sql`
    update book_events b set event_id = j."into", updated_at = now()
    from json_to_recordset(${json}::json) as j (id bigint, "into" bigint) where b.event_id = j.id`);
  await tx.execute(sql`
    delete from events e using json_to_recordset(${json}::json) as j (id bigint) where e.id = j.id`);
}

/** Makes a row for each match that has none, told by the first book event that belongs to it. */
async function insertMatches(tx: Db, rows: readonly SeenRow[], placed: Map<string, Match>): Promise<void> {
  const fresh = new Map<Match, SeenRow>();
  for (const row of rows) {
    const match = placed.get(keyOf(row));
    if (match && finalMatch(match).id === null && !fresh.has(finalMatch(match))) fresh.set(finalMatch(match), row);
  }
  if (fresh.size === 0) return;
  const ids = await tx.execute<{ id: string }>(sql`
    select nextval(pg_get_serial_sequence('events', 'id')) as id from generate_series(1, ${fresh.size}::int)`);
  const made = Array.from(fresh, ([match, row], index) => {
    match.id = ids[index]?.id ?? null;
    const { sport, home, away, competition, competition_country, kickoff, seen } = row;
    const told = { sport, home, away, competition, competition_country, kickoff, seen };
    return { id: match.id, sportradar_id: match.sportradarId, ...told };
  });
  await tx.execute(sql`
    insert into events (id, sport, home, away, competition, competition_country, kickoff, sportradar_id, first_seen_at)
    overriding system value
    select id, sport, home, away, competition, competition_country, to_timestamp(kickoff), sportradar_id,
           to_timestamp(seen)
    from json_to_recordset(${JSON.stringify(made)}::json) as m (
      id bigint, sport text, home text, away text, competition text, competition_country text, kickoff float8,
      sportradar_id text, seen float8)`);
}

/** Brings matches to what their book events say now; those that none belongs to any more go. */
async function settleMatches(tx: Db, ids: string[]): Promise<void> {
  await tx.execute(sql`
    delete from events e where e.id = any(${sql.param(ids)}::bigint[])
      and not exists (select 1 from book_events b where b.event_id = e.id)`);
  await tx.execute(sql`
    update events e set sport = f.sport, home = f.home, away = f.away, competition = f.competition,
      competition_country = f.competition_country, kickoff = f.kickoff, sportradar_id = f.sportradar,
      first_seen_at = f.first_seen_at, updated_at = now()
    from (
      select distinct on (b.event_id) b.*, max(b.sportradar_id) over (partition by b.event_id) as sportradar
      from book_events b where b.event_id = any(${sql.param(ids)}::bigint[]) order by b.event_id, b.id
    ) f
    where e.id = f.event_id
      and (e.sport, e.home, e.away, e.competition, e.competition_country, e.kickoff, e.sportradar_id, e.first_seen_at)
        is distinct from
        (f.sport, f.home, f.away, f.competition, f.competition_country, f.kickoff, f.sportradar, f.first_seen_at)`);
}

function keyOf({ platform, country, source_id }: { platform: string; country: string; source_id: string }): string {
  return bookEventKey(platform, country, source_id);
}

function idOf(match: Match | undefined): string {
  const id = match && finalMatch(match).id;
  if (!id) throw new Error('A book event was given no match.');
  return id;
}
