/** What two books say of one match and cannot both be right about: found, stored and told once, never mended silently. */
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';

/** One such contradiction, with both books' own ids: `sportybet sr:match:1`. */
export interface EventWarning {
  kind: 'kickoff_hour_apart' | 'ids_disagree';
  eventId: string;
  one: string;
  other: string;
}

/**
 * Looks at these book events beside all others. Kickoffs exactly 60 minutes apart point at a book's time zone; one
 * Genius id under two Sportradar ids means that one of the books is mistaken.
 */
export async function noteWarnings(tx: Db, bookEventIds: string[]): Promise<EventWarning[]> {
  const rows = await tx.execute<Record<keyof EventWarning, string>>(sql`
    with touched as (
      select * from book_events where id = any(${sql.param(bookEventIds)}::bigint[])
    ), found as (
      select 'kickoff_hour_apart' as kind, least(a.id, b.id) as one, greatest(a.id, b.id) as other
      from touched a join book_events b on b.event_id = a.event_id and b.id <> a.id
      where abs(date_part('epoch', a.kickoff - b.kickoff)) = 3600
      union
      select 'ids_disagree', least(a.id, b.id), greatest(a.id, b.id)
      from touched a join book_events b on b.genius_id = a.genius_id and b.sportradar_id <> a.sportradar_id
    ), noted as (
      insert into event_warnings (kind, book_event_id, other_id) select kind, one, other from found
      on conflict on constraint event_warnings_once do nothing
      returning kind, book_event_id, other_id
    )
    select n.kind, a.event_id as "eventId", a.platform || ' ' || a.source_id as one,
           b.platform || ' ' || b.source_id as other
    from noted n join book_events a on a.id = n.book_event_id join book_events b on b.id = n.other_id
    order by n.book_event_id, n.other_id`);
  return [...rows] as EventWarning[];
}
