/** How a platform did in the runs before a job and after it: failures in a row, and the run that ended them. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { StreakFacts } from './run-facts.ts';

/** A streak as it comes out of JSON. */
export interface StreakRow extends Omit<StreakFacts, 'since' | 'previousAt' | 'recovered'> {
  since: string | null;
  previousAt: string | null;
  recovered: { run: number; at: string } | null;
}

/** Jobs of a platform that came to an end of their own; of other chains than that of the job `j`. */
const others = sql`o.platform = j.platform and o.root_id <> j.root_id and o.backfill is null`;

/** The last job before `j` that completed, in whichever run. */
const lastGood = sql`coalesce((select max(good.id) from jobs good where good.platform = j.platform
  and good.status = 'completed' and good.backfill is null and good.id < j.id and good.root_id <> j.root_id), 0)`;

/** The streak of a job `j` that has ended, as JSON; null for one that was not tried, and for backfills. */
export const streakFacts = sql`case when j.finished_at is not null and j.backfill is null
    and j.status in ('completed', 'partial', 'failed') then
  (select jsonb_build_object('before', count(distinct o.root_id), 'since', min(o.finished_at),
      'firstRun', min(o.root_id), 'previousAt', max(o.finished_at), 'recovered', case when j.status <> 'completed' then (
        select jsonb_build_object('run', o.run_id, 'at', o.finished_at) from jobs o
        where ${others} and o.status = 'completed' and o.id > j.id and not exists (select 1 from jobs own
          where own.root_id = j.root_id and own.platform = j.platform and own.id > j.id and own.status = 'completed')
        order by o.id limit 1) end)
    from jobs o where ${others} and o.status in ('partial', 'failed') and o.id < j.id and o.id > ${lastGood}) end`;

/** A streak as facts. */
export function toStreak(row: StreakRow | null): StreakFacts | null {
  if (row === null) return null;
  const date = (at: string | null) => (at === null ? null : new Date(at));
  const { since, previousAt, recovered } = row;
  return {
    ...row,
    since: date(since),
    previousAt: date(previousAt),
    recovered: recovered === null ? null : { run: recovered.run, at: new Date(recovered.at) },
  };
}

/** The first chain of the failures that this success has ended; null when nothing had failed before. */
export async function endedStreak(tx: Db, jobId: number): Promise<number | null> {
  const rows = await tx.execute<{ root: number | null }>(sql`
    select min(o.root_id) as root from jobs j join jobs o on ${others} and o.status in ('partial', 'failed')
      and o.id < j.id and o.id > ${lastGood}
    where j.id = ${jobId}`);
  return rows[0]?.root ?? null;
}
