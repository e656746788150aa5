/** When a surface, or one channel of it, was out of reach until somebody put something right. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';

/** An outage that lasts. */
export interface Outage {
  id: number;
  /** The surface's name, or `surface/channel`. */
  subject: string;
  beganAt: Date;
}

/** Every outage that lasts, also those that an earlier process noticed. */
export async function openOutages(db: Db): Promise<Outage[]> {
  const rows = await db.execute<{ outage: Omit<Outage, 'beganAt'> & { beganAt: string } }>(sql`
    select jsonb_build_object('id', id, 'subject', subject, 'beganAt', began_at) as outage
    from outages where ended_at is null order by id`);
  return rows.map(({ outage }) => ({ ...outage, beganAt: new Date(outage.beganAt) }));
}

/**
 * Notes that an outage began so many milliseconds ago. Null when one lasts already, or when the last one of this subject
 * ended less than `quietMs` ago: what comes and goes is not told each time.
 */
export async function beginOutage(
  db: Db,
  subject: string,
  why: string,
  { agoMs, quietMs }: { agoMs: number; quietMs: number },
): Promise<Outage | null> {
  const rows = await db.execute<{ id: number; at: string }>(sql`
    insert into outages (subject, why, began_at)
    select ${subject}, ${why}, now() - ${agoMs} * interval '1 millisecond'
    where not exists (select 1 from outages where subject = ${subject}
      and coalesce(ended_at, now()) > now() - ${quietMs} * interval '1 millisecond')
    on conflict do nothing returning id, to_jsonb(began_at) #>> '{}' as at`);
  const [row] = rows;
  return row === undefined ? null : { id: row.id, subject, beganAt: new Date(row.at) };
}

/** Notes that an outage is over. Returns how long it was, milliseconds; null when it was over already. */
export async function endOutage(db: Db, id: number): Promise<number | null> {
  const rows = await db.execute<{ ms: number }>(sql`
    update outages set ended_at = now() where id = ${id} and ended_at is null
    returning (extract(epoch from now() - began_at) * 1000)::float8 as ms`);
  return rows[0]?.ms ?? null;
}
