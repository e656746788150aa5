/** How surfaces are linked, which runs lose their connection by it, and which of those are owed a re-scrape. */
import { sql, type SQL } from './drizzle.ts';
import type { Db } from './client.ts';

/** A look older than this says nothing, milliseconds. */
const LOOK_LASTS_MS = 15_000;

/** Notes how a surface stands now. A term of trouble ends when it has been up for `stableMs`. */
export async function noteLink(db: Db, surface: string, up: boolean, stableMs: number): Promise<void> {
  await db.execute(sql`
    insert into surface_links as link (surface, down_since, up_since, looked_at)
    values (${surface}, case when ${up} then null else now() end, case when ${up} then now() end, now())
    on conflict (surface) do update set looked_at = now(),
      up_since = case when ${up} then coalesce(link.up_since, now()) end,
      down_since = case when not ${up} then coalesce(link.down_since, now())
        when link.up_since <= now() - ${stableMs} * interval '1 millisecond' then null else link.down_since end`);
}

/** A run that loses its connection: people cannot see it, and some of its platforms were not started yet. */
export interface LostRun {
  runId: number;
  rootId: number;
  surface: string;
}

/**
 * Unfinished runs that were asked for on a surface which has been down for longer than the grace, with platforms that no
 * worker has begun. Never a scheduled run, which has no home; never a re-scrape, which nobody waits for; never a backfill.
 */
export async function lostRuns(tx: Db, graceMs: number): Promise<LostRun[]> {
  const rows = await tx.execute<{ lost: LostRun }>(selectLost(graceMs));
  return rows.map(({ lost }) => lost);
}

/** The runs that are lost, as {@link lostRuns} reads them. */
export function selectLost(graceMs: number): SQL {
  return sql`
    select distinct jsonb_build_object('runId', r.id, 'rootId', r.root_id, 'surface', r.home_surface) as lost
    from jobs j join runs r on r.id = j.run_id join surface_links link on link.surface = r.home_surface
    where j.finished_at is null and j.status = 'pending' and j.started_at is null and j.backfill is null
      and r.finished_at is null and r.rescrape_of is null
      and link.up_since is null and link.down_since < now() - ${graceMs} * interval '1 millisecond'
      and link.looked_at > now() - ${LOOK_LASTS_MS} * interval '1 millisecond'`;
}

/** Ends those jobs of a run that no worker has begun, and notes since when its surface was down. Lock the root first. */
export async function leaveOut(tx: Db, { runId, surface }: LostRun): Promise<string[]> {
  const rows = await tx.execute<{ platform: string }>(sql`
    update jobs set status = 'skipped', failure_kind = 'connection_lost', finished_at = now()
    where run_id = ${runId} and finished_at is null and status = 'pending' and started_at is null returning platform`);
  if (rows.length > 0) {
    await tx.execute(sql`
      update runs set lost_since = (select coalesce(down_since, now()) from surface_links where surface = ${surface})
      where id = ${runId} and finished_at is null and lost_since is null`);
  }
  return rows.map(({ platform }) => platform);
}

/** The platform of a run that a worker began last; null when none was begun. */
export async function lastBegun(tx: Db, runId: number): Promise<string | null> {
  const rows = await tx.execute<{ platform: string }>(sql`
    select platform from jobs where run_id = ${runId} and started_at is not null order by started_at desc, id desc limit 1`);
  return rows[0]?.platform ?? null;
}

/** Runs that lost their connection, are owed a re-scrape and may have it now: their surface has been back for long enough. */
export async function owedRescrapes(
  db: Db,
  { stableMs, maxAgeDays }: { stableMs: number; maxAgeDays: number },
): Promise<{ runId: number; rootId: number }[]> {
  const rows = await db.execute<{ run_id: number; root_id: number }>(sql`
    select r.id as run_id, r.root_id from runs r join surface_links link on link.surface = r.home_surface
    where r.status = 'connection_failed' and r.cancelled_by is null and r.rescrape_of is null
      and r.created_at > now() - ${maxAgeDays} * interval '1 day'
      and not exists (select 1 from runs again where again.rescrape_of = r.id)
      and link.down_since is null and link.up_since <= now() - ${stableMs} * interval '1 millisecond'
      and link.looked_at > now() - ${LOOK_LASTS_MS} * interval '1 millisecond'
    order by r.id`);
  return rows.map((row) => ({ runId: row.run_id, rootId: row.root_id }));
}
