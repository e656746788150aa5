/** Notes: what people announce on the status page, each with its end. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { Person } from './run-facts.ts';

/** A note as it stands on the page. */
export interface Note {
  id: number;
  text: string;
  endsAt: Date;
}

/** Puts a note on the page, in the caller's transaction; it stays until `endsAt`. */
export async function insertNote(tx: Db, note: { text: string; endsAt: Date; actor: Person }): Promise<number> {
  const rows = await tx.execute<{ id: number }>(sql`
    insert into notes (text, actor, ends_at)
    values (${note.text}, ${JSON.stringify(note.actor)}::jsonb, greatest(now(), ${note.endsAt.toISOString()}::timestamptz))
    returning id`);
  return rows[0]?.id ?? 0;
}

/** Takes a note away now; false when there is none of this number, or it has ended. */
export async function endNote(tx: Db, id: number): Promise<boolean> {
  const rows = await tx.execute(
    sql`update notes set ends_at = now() where id = ${id} and ends_at > now() returning id`,
  );
  return rows.length > 0;
}

/** The notes that stand on the page, the one that ends first first. */
export async function openNotes(db: Db): Promise<Note[]> {
  const rows = await db.execute<{ id: number; text: string; ends_at: string }>(sql`
    select id, text, to_jsonb(ends_at) #>> '{}' as ends_at from notes where ends_at > now() order by ends_at, id limit 20`);
  return rows.map((row) => ({ id: row.id, text: row.text, endsAt: new Date(row.ends_at) }));
}
