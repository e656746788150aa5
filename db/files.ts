/** Files in threads: kept as they were made until every surface has had the time to deliver them. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { Person } from './run-facts.ts';

/** How long the bytes of a file are kept. */
const KEPT_DAYS = 7;

/** A file to be kept. `content` is gzip. */
export interface NewFile {
  runId: number;
  /** The name without its number and ending, for instance `run-42-bet9ja-missing`. */
  stem: string;
  holds: string;
  platforms: readonly string[];
  rows: number;
  whole: boolean;
  actor: Person;
  content: Uint8Array;
}

/** Keeps a file; answers its name, which is unique. Lets go of the bytes of old ones. */
export async function insertFile(tx: Db, file: NewFile): Promise<string> {
  await tx.execute(sql`
    update files set content = null
    where content is not null and at < now() - ${KEPT_DAYS} * interval '1 day'`);
  const rows = await tx.execute<{ name: string }>(sql`
    with fresh as (select nextval(pg_get_serial_sequence('files', 'id'))::int as id)
    insert into files (id, run_id, name, holds, platforms, rows, whole, actor, content)
    overriding system value
    select id, ${file.runId}, ${file.stem} || '-' || id || '.csv', ${file.holds},
           array(select jsonb_array_elements_text(${JSON.stringify(file.platforms)}::jsonb)), ${file.rows}, ${file.whole},
           ${JSON.stringify(file.actor)}::jsonb, decode(${Buffer.from(file.content).toString('base64')}, 'base64')
    from fresh returning name`);
  return rows[0]?.name ?? '';
}

/** The gzip bytes of a file, or null when they were let go of. */
export async function readFile(db: Db, id: number): Promise<Uint8Array | null> {
  const rows = await db.execute<{ content: string | null }>(sql`
    select encode(content, 'base64') as content from files where id = ${id}`);
  const content = rows[0]?.content ?? null;
  return content === null ? null : Buffer.from(content, 'base64');
}
