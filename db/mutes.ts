/** Mutes: kept when they have ended, so that what was told quietly stays told quietly. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { MuteFacts, Person } from './run-facts.ts';

/** A mute as it comes out of JSON. */
export interface MuteRow extends Omit<MuteFacts, 'since' | 'until' | 'endedAt'> {
  since: string;
  until: string | null;
  endedAt: string | null;
}

/** A mute as JSON, of `mutes m`. */
export const muteFacts = sql`jsonb_build_object(
  'platform', m.platform, 'by', m.muted_by, 'since', m.since, 'until', m.until, 'endedAt', m.ended_at,
  'endedRun', m.ended_run)`;

/** A mute as facts. */
export function toMute(row: MuteRow): MuteFacts {
  return {
    ...row,
    since: new Date(row.since),
    until: row.until === null ? null : new Date(row.until),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt),
  };
}

/** Decisions about one platform's mutes are made one at a time, until the transaction ends. */
export async function lockMutes(tx: Db, platform: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rescrape:mute'), hashtext(${platform}))`);
}

/** The mutes that hold now, oldest first; of one platform, or of all. */
export async function openMutes(db: Db, platform: string | null): Promise<MuteFacts[]> {
  const rows = await db.execute<{ mute: MuteRow }>(sql`
    select ${muteFacts} as mute from mutes m
    where m.ended_at is null and (m.until is null or m.until > now())
      and (${platform}::text is null or m.platform = ${platform}) order by m.id`);
  return rows.map((row) => toMute(row.mute));
}

/** Mutes a platform. What held before ends now, or ended when its time was up. Call under {@link lockMutes}. */
export async function insertMute(tx: Db, mute: { platform: string; by: Person; until: Date | null }): Promise<void> {
  await endMutes(tx, mute.platform, null);
  await tx.execute(sql`
    insert into mutes (platform, muted_by, until)
    values (${mute.platform}, ${JSON.stringify(mute.by)}::jsonb, ${mute.until?.toISOString() ?? null}::timestamptz)`);
}

/** Ends a platform's mute: `run` is the one that showed that it works, or null when somebody ended it. */
export async function endMutes(tx: Db, platform: string, run: number | null): Promise<void> {
  await tx.execute(sql`
    update mutes set ended_at = least(coalesce(until, now()), now()),
           ended_run = case when until is null or until > now() then ${run}::int end
    where platform = ${platform} and ended_at is null`);
}

/** The newest chains in which this platform is not complete, newest first: their posts tell of its mute. */
export async function rootsTellingOf(db: Db, platform: string, limit: number): Promise<number[]> {
  const rows = await db.execute<{ root_id: number }>(sql`
    select root_id from (
      select distinct on (root_id) root_id, status from (
        select id, root_id, status from jobs where platform = ${platform} order by id desc limit ${10 * limit}) latest
      order by root_id desc, id desc limit ${limit}) newest
    where status <> 'completed'`);
  return rows.map((row) => row.root_id);
}
