/** Reads a chain of runs as facts: what the narrator tells and what decisions are made from. */
import { sql, type SQL } from './drizzle.ts';
import type { Db } from './client.ts';
import { toRun, type RunRow } from './chain-rows.ts';
import type { Chain } from './run-facts.ts';
import { overlappedBy } from './schedules.ts';
import { breakerFacts, toBreaker, type BreakerRow } from './breakers.ts';
import { causeFacts, toCause, type CauseRow } from './common-causes.ts';
import { muteFacts, toMute, type MuteRow } from './mutes.ts';
import { streakFacts } from './streaks.ts';

/** The root of the chain a run belongs to, or null when there is no such run. */
export async function findRootId(db: Db, runId: number): Promise<number | null> {
  const rows = await db.execute<{ root_id: number }>(sql`select root_id from runs where id = ${runId}`);
  return rows[0]?.root_id ?? null;
}

/** The newest run's id, or null on an empty history: what `/scrape retry` and `/scrape status` mean without a number. */
export async function latestRunId(db: Db): Promise<number | null> {
  const rows = await db.execute<{ id: number }>(sql`select id from runs order by id desc limit 1`);
  return rows[0]?.id ?? null;
}

/**
 * Locks a root run until the transaction ends: every decision about a chain is made under it, one at a time. What only
 * refers to the run, a post or a result, is written meanwhile.
 */
export async function lockRoot(tx: Db, rootId: number): Promise<void> {
  await tx.execute(sql`select 1 from runs where id = ${rootId} for no key update`);
}

/** A whole chain, or null when the root does not exist. */
export async function readChain(db: Db, rootId: number): Promise<Chain | null> {
  const [chain] = await readChains(db, sql`select ${rootId}::int`);
  return chain ?? null;
}

/** The whole chain a run belongs to, in one round trip, or null when there is no such run. */
export async function readChainOf(db: Db, runId: number): Promise<Chain | null> {
  const [chain] = await readChains(db, sql`select root_id from runs where id = ${runId}`);
  return chain ?? null;
}

/**
 * The chains that may still have something to say: unfinished ones, those that ended or were accepted after `since`, and
 * those in which something was missing and that ended after `brokenSince`: what can be retried changes with time.
 */
export async function readLiveChains(db: Db, since: Date, brokenSince = since): Promise<Chain[]> {
  const from = sql`${since.toISOString()}::timestamptz`;
  const brokenFrom = sql`${brokenSince.toISOString()}::timestamptz`;
  return readChains(
    db,
    sql`
    select root_id from runs where finished_at is null
    union select root_id from runs where finished_at > ${from}
    union select root_id from runs where finished_at > ${brokenFrom} and status <> 'completed'
    union select j.root_id from acceptances a join jobs j on j.id = a.job_id where a.at > ${from}
    union select r.root_id from files f join runs r on r.id = f.run_id where f.at > ${from}`,
  );
}

/** The newest chains with their runs, newest first. */
export async function readLatestChains(db: Db, limit: number): Promise<Chain[]> {
  const chains = await readChains(db, sql`select id from runs where id = root_id order by id desc limit ${limit}`);
  return chains.toReversed();
}

/** A run; with the root also what held for its platforms. */
interface ChainRow extends Record<string, unknown> {
  run: RunRow;
  mutes: MuteRow[] | null;
  breakers: BreakerRow[] | null;
  causes: CauseRow[] | null;
}

/** One round trip: Postgres folds jobs, steps, failures and mutes into JSON, oldest first. */
async function readChains(db: Db, roots: SQL): Promise<Chain[]> {
  const rows = await db.execute<ChainRow>(sql`
    select jsonb_build_object(
      'id', r.id, 'status', r.status, 'trigger', r.trigger, 'retryOf', r.retry_of, 'rootId', r.root_id,
      'rescrapeOf', r.rescrape_of, 'platforms', r.platforms, 'requestedBy', r.requested_by,
      'cancelledBy', r.cancelled_by, 'homeSurface', r.home_surface, 'lostSince', r.lost_since,
      'createdAt', r.created_at, 'startedAt', r.started_at, 'finishedAt', r.finished_at,
      'jobs', (select jsonb_agg(${jobFacts} order by j.id) from jobs j where j.run_id = r.id),
      'files', (select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'holds', f.holds, 'platforms', f.platforms,
        'rows', f.rows, 'whole', f.whole, 'by', f.actor) order by f.id) from files f where f.run_id = r.id),
      'overlapped', case when r.trigger like 'schedule:%' then (${overlappedBy}) end) as run,
      case when r.id = r.root_id then (select jsonb_agg(${muteFacts} order by m.id) from mutes m
        where m.platform = any (r.platforms) and (m.ended_at is null or m.ended_at >= r.created_at)) end as mutes,
      case when r.id = r.root_id then (select jsonb_agg(${breakerFacts} order by b.id) from breaker_terms b
        where b.platform = any (r.platforms) and (b.closed_at is null or b.closed_at >= r.created_at)) end as breakers,
      case when r.id = r.root_id then (select jsonb_agg(${causeFacts} order by c.id) from common_causes c
        where c.platforms && r.platforms and (c.closed_at is null or c.closed_at >= r.created_at)) end as causes
    from runs r where r.root_id in (${roots}) order by r.id`);
  const chains = new Map<number, Chain>();
  for (const { run, mutes, breakers, causes } of rows) {
    const facts = toRun(run);
    const chain = chains.get(facts.rootId);
    if (chain === undefined) {
      chains.set(facts.rootId, {
        rootId: facts.rootId,
        runs: [facts],
        mutes: (mutes ?? []).map(toMute),
        breakers: (breakers ?? []).map(toBreaker),
        causes: (causes ?? []).map(toCause),
      });
    } else chain.runs.push(facts);
  }
  return [...chains.values()];
}

/** A listing is done when all its items are, and failed when one that is left was tried; a retry has only what was left. */
const batchFacts = sql`
  select jsonb_build_object('listings', count(*), 'succeeded', count(*) filter (where open = 0 and stored > 0),
    'without', count(*) filter (where open = 0 and stored = 0), 'failed', count(*) filter (where failed > 0))
  from (select count(*) filter (where w.status = 'pending') as open,
               count(*) filter (where w.status = 'pending' and w.failure_kind is not null) as failed,
               count(*) filter (where w.status in ('done', 'kept')) as stored
        from (select distinct on (w.key) w.* from work_items w join jobs k on k.id = w.job_id
              where k.root_id = j.root_id and k.platform = j.platform and k.id <= j.id
              order by w.key, k.id desc) w
        group by w.payload ->> 'listingId') listing`;

/** Found by the primary key of what is counted: at most 90 rows for each job that broke. */
const precedent = sql`
  select jsonb_build_object('step', d.step, 'cases', sum(d.retries), 'fixed', sum(d.fixed))
  from retry_days d
  where j.status in ('partial', 'failed') and j.backfill is null
    and d.platform = j.platform and d.kind = j.failure_kind and d.retry_number = j.retry_number + 1
    and d.step = coalesce((select f.step from failures f where f.job_id = j.id and f.kind = j.failure_kind
                           order by f.id limit 1), j.from_step)
    and d.day >= rollup.day(j.finished_at) - 90 and d.day < rollup.day(j.finished_at)
  group by d.step`;

const jobFacts = sql`jsonb_build_object(
  'id', j.id, 'runId', j.run_id, 'platform', j.platform, 'status', j.status, 'retryNumber', j.retry_number,
  'rescrape', j.rescrape,  'attempt', j.attempt, 'fromStep', j.from_step, 'nextAttemptAt', j.next_attempt_at, 'itemStep', j.item_step,
  'backfill', case when j.backfill is not null then
      jsonb_build_object('what', j.backfill, 'batch', (${batchFacts}), 'left', j.backfill_left) end,
  'itemsTotal', j.items_total, 'itemsKept', j.items_kept, 'itemsDone', j.items_done, 'itemsFailed', j.items_failed,
  'itemsGone', j.items_gone, 'failureKind', j.failure_kind,
  'fingerprint', j.fingerprint, 'failedAt', j.failed_at, 'startedAt', j.started_at, 'finishedAt', j.finished_at,
  'discovered', j.discovered,
  'precedent', (${precedent}),
  'accepted', (select jsonb_build_object('by', a.actor, 'why', a.why, 'at', a.at)
      from acceptances a where a.job_id = j.id),
  'discoveredAt', (select min(w.discovered_at) from work_items w
      where w.job_id = j.id and w.step = j.item_step and w.status = 'pending'),
  'stored', case when j.finished_at is not null and j.status <> 'completed' then (
      select jsonb_build_object('from', min(w.updated_at), 'to', max(w.updated_at))
      from work_items w join jobs k on k.id = w.job_id and k.item_step = w.step
      where k.root_id = j.root_id and k.platform = j.platform and k.id <= j.id and w.status = 'done') end,
  'further', (select jsonb_agg(jsonb_build_object('step', f.step, 'total', f.total, 'stored', f.kept + f.done,
      'failed', f.failed) order by f.step) from further_items f where f.job_id = j.id),
  'streak', ${streakFacts},
  'steps', (select jsonb_agg(jsonb_build_object('name', s.name, 'attempt', s.attempt, 'status', s.status,
      'itemsTotal', s.items_total, 'itemsDone', s.items_done, 'itemsFailed', s.items_failed, 'errorKind', s.error_kind,
      'error', s.error_message)
      order by s.id) from steps s where s.job_id = j.id),
  'failures', (select jsonb_agg(jsonb_build_object('kind', f.kind, 'headline', f.headline, 'detail', f.detail,
      'step', f.step, 'count', f.count) order by f.first)
      from (select kind, step, min(headline) headline, (array_agg(detail order by id))[1] detail,
                   count(*)::int count, min(id) first
            from failures where job_id = j.id group by kind, step) f))`;
