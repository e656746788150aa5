/**
 * Lets go of what is old, in small batches, each a transaction of its own that finds its rows by an index. What is counted
 * by day stays, so the numbers and the status page's days do not change by it. Nothing of a chain goes while any of its
 * runs is unfinished.
 */
import type { Db } from './client.ts';
import { sql, type SQL } from './drizzle.ts';

/** Rows that are deleted at once. */
const ROWS = 2_000;
/** Jobs, and chains, that are looked at or deleted at once. */
const JOBS = 50;
const CHAINS = 20;
const LOOK = 200;

/** The newest complete jobs of a platform that stay whatever their age: more than what is usual is measured by. */
const KEPT_COMPLETE = 20;
/** Likewise of all its jobs: more than what a breaker looks at. */
const KEPT_JOBS = 100;

const before = (days: number): SQL => sql`now() - ${days}::float8 * interval '1 day'`;

/** Deletes work items of jobs that ended longer ago; answers how many. Zero: nothing more is old. */
export async function dropWorkItems(db: Db, days: number): Promise<number> {
  // The lowest job that still has items is the first entry of an index, so what was emptied is not looked at again.
  const rows = await db.execute(sql`
    with old as materialized (
      select j.id from jobs j
      where j.id >= (select job_id from work_items order by job_id limit 1) and j.finished_at < ${before(days)}
        and not exists (select from runs u where u.root_id = j.root_id and u.finished_at is null)
        and exists (select from work_items w where w.job_id = j.id)
      order by j.id limit ${JOBS}),
    doomed as materialized (select w.id from old cross join lateral (
      select id from work_items where job_id = old.id) w limit ${ROWS})
    delete from work_items where id in (select id from doomed) returning 1`);
  return rows.length;
}

/** Deletes changes of odds and of auctions that are older; what holds now is not among them. */
export async function dropPriceChanges(db: Db, days: number): Promise<number> {
  // Rows are written in the order of time, so the old ones are the first of the primary key.
  const oldest = (table: SQL) => sql`
    delete from ${table} where id in (select id from ${table} order by id limit ${ROWS}) and at < ${before(days)} returning 1`;
  const odds = await db.execute(oldest(sql`odds_changes`));
  const auctions = await db.execute(oldest(sql`listing_changes`));
  return odds.length + auctions.length;
}

/** How far a look at old chains came: `next` is where to go on, null at the end; `dropped` counts runs. */
export interface DroppedRuns {
  dropped: number;
  next: number | null;
}

/**
 * Deletes chains all of whose runs ended longer ago, with everything that belongs to them, going on after root `after`.
 * Left alone: what is under way, what somebody vouched for, the newest jobs of each platform, what a breaker or a common
 * cause that held since then began or ended with, and the newest slot of a schedule.
 */
export async function dropRuns(db: Db, days: number, after: number): Promise<DroppedRuns> {
  return db.transaction(async (tx) => {
    const [found] = await tx.execute<{ roots: number[] | null; last: number | null; looked: number }>(sql`
      with looked as materialized (
        select id from runs where id > ${after} and id = root_id and created_at < ${before(days)} order by id limit ${LOOK}),
      doomed as (select l.id from looked l where ${isOld(days)} order by l.id limit ${CHAINS})
      select (select json_agg(id) from doomed) as roots, (select max(id) from looked) as last,
             (select count(*) from looked)::int as looked`);
    const roots = found?.roots ?? [];
    const end = (found?.looked ?? 0) < LOOK ? null : (found?.last ?? null);
    if (roots.length === 0) return { dropped: 0, next: end };
    const dropped = await dropChains(tx, roots);
    return { dropped, next: roots.length < CHAINS ? end : (roots.at(-1) ?? null) };
  });
}

/** Whether the chain of root `l.id` can go. */
function isOld(days: number): SQL {
  return sql`
    not exists (select from runs u where u.root_id = l.id and (u.finished_at is null or u.finished_at >= ${before(days)}))
    and not exists (
      select from jobs j where j.root_id = l.id and (
        not exists (select from jobs n where n.platform = j.platform and n.id > j.id and n.status = 'completed'
                    order by n.id offset ${KEPT_COMPLETE - 1})
        or not exists (select from jobs n where n.platform = j.platform and n.id > j.id
                       order by n.id offset ${KEPT_JOBS - 1})))
    and not exists (select from jobs j join acceptances a on a.job_id = j.id where j.root_id = l.id)
    and not exists (
      select from runs u join breaker_terms b on b.opened_run = u.id or b.closed_run = u.id
      where u.root_id = l.id and (b.closed_at is null or b.closed_at >= ${before(days)}))
    and not exists (
      select from runs u join common_causes c on c.opened_run = u.id or c.closed_run = u.id
      where u.root_id = l.id and (c.closed_at is null or c.closed_at >= ${before(days)}))
    and not exists (
      select from runs u join schedule_slots s on s.run_id = u.id
      where u.root_id = l.id
        and not exists (select from schedule_slots n where n.schedule = s.schedule and n.slot > s.slot))`;
}

async function dropChains(tx: Db, roots: readonly number[]): Promise<number> {
  const list = sql.join(
    roots.map((id) => sql`${id}::int`),
    sql`, `,
  );
  const runs = sql`(select id from runs where root_id in (${list}))`;
  const jobs = sql`(select id from jobs where root_id in (${list}))`;
  // Whoever decides about a chain does it under this lock.
  await tx.execute(sql`select 1 from runs where id in (${list}) order by id for update`);
  await tx.execute(sql`delete from failures where job_id in ${jobs}`);
  await tx.execute(sql`delete from steps where job_id in ${jobs}`);
  await tx.execute(sql`delete from work_items where job_id in ${jobs}`);
  await tx.execute(sql`delete from further_items where job_id in ${jobs}`);
  await tx.execute(sql`delete from jobs where root_id in (${list})`);
  await tx.execute(sql`delete from files where run_id in ${runs}`);
  await tx.execute(sql`delete from posts where run_id in ${runs}`);
  await tx.execute(sql`delete from actions where run_id in ${runs}`);
  await tx.execute(sql`delete from schedule_slots where run_id in ${runs}`);
  await tx.execute(sql`delete from mutes where ended_run in ${runs}`);
  await tx.execute(sql`delete from breaker_terms where opened_run in ${runs} or closed_run in ${runs}`);
  await tx.execute(sql`delete from common_causes where opened_run in ${runs} or closed_run in ${runs}`);
  return (await tx.execute(sql`delete from runs where root_id in (${list}) returning 1`)).length;
}
