/** What is said once in a channel and belongs to no run: written here by whoever has something to say, delivered from here. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import { standsIn, type Outlet, type PostRef } from './posts.ts';

/** A notice that is still to be delivered. `sending` may have arrived: it is looked for before it is sent again. */
export interface OpenNotice {
  name: string;
  message: unknown;
  state: 'waiting' | 'sending';
  at: Date;
}

/** Has something said in a channel. The name is lasting: saying the same again changes nothing. */
export async function sayNotice(db: Db, { surface, channel }: Outlet, name: string, message: unknown): Promise<void> {
  await db.execute(sql`
    insert into notices (surface, channel, name, message)
    values (${surface}, ${channel}, ${name}, ${JSON.stringify(message)}::jsonb) on conflict do nothing`);
}

/** Takes a notice back if it was never sent. False when it is too late for that. */
export async function withdrawNotice(db: Db, outlet: Outlet, name: string): Promise<boolean> {
  const gone = await db.execute(
    sql`delete from notices where ${standsIn(outlet)} and name = ${name} and state = 'waiting' returning name`,
  );
  return gone.length > 0;
}

/** The channels a notice was left for. */
export async function noticedIn(db: Db, name: string): Promise<Outlet[]> {
  const rows = await db.execute<{ surface: string; channel: string }>(
    sql`select surface, channel from notices where name = ${name}`,
  );
  return rows.map(({ surface, channel }) => ({ surface, channel }));
}

/** What is still to be said in a channel, oldest first. */
export async function openNotices(db: Db, outlet: Outlet): Promise<OpenNotice[]> {
  const rows = await db.execute<{ notice: Omit<OpenNotice, 'at'> & { at: string } }>(sql`
    select jsonb_build_object('name', name, 'message', message, 'state', state, 'at', at) as notice
    from notices where ${standsIn(outlet)} and state in ('waiting', 'sending') order by at, name`);
  return rows.map(({ notice }) => ({ ...notice, at: new Date(notice.at) }));
}

/** Notes the intention to send before sending. */
export async function claimNotice(db: Db, outlet: Outlet, name: string): Promise<void> {
  await db.execute(sql`
    update notices set state = 'sending', updated_at = now() where ${standsIn(outlet)} and name = ${name}`);
}

/** Notes where a notice stands. */
export async function noteNotice(db: Db, outlet: Outlet, name: string, ref: PostRef): Promise<void> {
  await db.execute(sql`
    update notices set state = 'posted', ref = ${JSON.stringify(ref)}::jsonb, updated_at = now()
    where ${standsIn(outlet)} and name = ${name}`);
}

/** Gives up on a notice. */
export async function buryNotice(db: Db, outlet: Outlet, name: string, reason: string): Promise<void> {
  await db.execute(sql`
    update notices set state = 'dead', dead_reason = ${reason.slice(0, 500)}, updated_at = now()
    where ${standsIn(outlet)} and name = ${name}`);
}
