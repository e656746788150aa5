/** What became of things around a time in which nobody spoke, and runs that nobody will ever end. */
import { sql, type SQL } from './drizzle.ts';
import type { Db } from './client.ts';

/** When somebody spoke last, as far as is known; null when nobody ever did. */
export async function lastPresence(db: Db): Promise<Date | null> {
  const rows = await db.execute<{ at: string | null }>(
    sql`select to_jsonb(max(looked_at)) #>> '{}' as at from surface_links`,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : new Date(at);
}

/** A schedule's times that were missed, and the run that caught up, if one did. */
export interface MissedTimes {
  schedule: string;
  count: number;
  first: Date;
  last: Date;
  caughtUp: number | null;
}

/** What a hand-over is told of; runs by their numbers. */
export interface Handover {
  goOn: number[];
  closed: number[];
  rescraped: number[];
  missed: MissedTimes[];
}

/** What was unfinished when nobody spoke from `from` to `to`, what was ended or scraped again after it, what was missed in it. */
export async function readHandover(db: Db, { from, to }: { from: Date; to: Date }): Promise<Handover> {
  const [began, ended] = [sql`${from.toISOString()}::timestamptz`, sql`${to.toISOString()}::timestamptz`];
  const rows = await db.execute<{ facts: Omit<Handover, 'missed'> }>(sql`
    select jsonb_build_object(
      'goOn', (select coalesce(jsonb_agg(id order by id), '[]') from runs
        where created_at < ${began} and stale_since is null and (finished_at is null or finished_at > ${ended})),
      'closed', (select coalesce(jsonb_agg(id order by id), '[]') from runs where stale_since >= ${ended}),
      'rescraped', (select coalesce(jsonb_agg(id order by id), '[]') from runs
        where rescrape_of is not null and created_at >= ${ended})) as facts`);
  const missed = await missedTimes(db, { from, to });
  return { goOn: [], closed: [], rescraped: [], ...rows[0]?.facts, missed };
}

/** Times of schedules between `from` and `to` that were not kept, by schedule; of those found out after `decidedFrom`. */
export async function missedTimes(
  db: Db,
  { from, to, decidedFrom = from }: { from: Date; to: Date; decidedFrom?: Date },
): Promise<MissedTimes[]> {
  const rows = await db.execute<{ missed: Omit<MissedTimes, 'first' | 'last'> & { first: string; last: string } }>(sql`
    select jsonb_build_object('schedule', s.schedule, 'count', count(*), 'first', min(s.slot), 'last', max(s.slot),
      'caughtUp', (select run_id from schedule_slots later where later.schedule = s.schedule and later.outcome = 'run'
        and later.slot > max(s.slot) and later.decided_at = max(s.decided_at) order by later.slot limit 1)) as missed
    from schedule_slots s
    where s.outcome = 'skipped_missed' and s.slot > ${from.toISOString()}::timestamptz
      and s.slot <= ${to.toISOString()}::timestamptz and s.decided_at > ${decidedFrom.toISOString()}::timestamptz
    group by s.schedule order by s.schedule`);
  return rows.map(({ missed }) => ({ ...missed, first: new Date(missed.first), last: new Date(missed.last) }));
}

/** Unfinished runs older than this of which no job is held by a worker that lives. */
export async function staleRuns(db: Db, limits: StaleLimits): Promise<{ runId: number; rootId: number }[]> {
  const rows = await db.execute<{ run_id: number; root_id: number }>(sql`${selectStale(limits)} order by r.id`);
  return rows.map((row) => ({ runId: row.run_id, rootId: row.root_id }));
}

/** When a run that is not over counts as stale. */
export interface StaleLimits {
  maxAgeHours: number;
  leaseMs: number;
}

/** The runs that are stale, as {@link staleRuns} reads them. */
export function selectStale({ maxAgeHours, leaseMs }: StaleLimits): SQL {
  return sql`
    select r.id as run_id, r.root_id from runs r
    where r.finished_at is null and r.created_at < now() - ${maxAgeHours} * interval '1 hour'
      and not exists (select 1 from jobs j where j.run_id = r.id and j.status = 'running'
        and j.heartbeat_at > now() - ${leaseMs} * interval '1 millisecond')`;
}

/** Ends what is unfinished of a stale run; returns the ended jobs. Lock the root first. */
export async function endStaleJobs(
  tx: Db,
  runId: number,
): Promise<{ id: number; attempt: number; platform: string }[]> {
  const rows = await tx.execute<{ id: number; attempt: number; platform: string }>(sql`
    update jobs set status = 'failed', failure_kind = 'interrupted', finished_at = now(), lease_owner = null,
           next_attempt_at = null
    where run_id = ${runId} and finished_at is null returning id, attempt, platform`);
  await tx.execute(sql`update runs set stale_since = now() where id = ${runId} and finished_at is null`);
  return [...rows];
}
