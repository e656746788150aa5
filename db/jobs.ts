/** Claiming, holding and ending jobs. Every write names the lease it is made under; a lost lease changes nothing. */
import { sql } from './drizzle.ts';
import { leftAlone } from './breakers.ts';
import { causeOfJob, waitsForAnother } from './common-causes.ts';
import type { Db } from './client.ts';
import type { JobStatus } from './run-facts.ts';

/** A worker that has not been heard of for this long has lost its jobs: three missed beats, milliseconds. */
export const LEASE_MS = 15_000;

/** A job as its holder sees it. */
export interface HeldJob {
  id: number;
  runId: number;
  rootId: number;
  platform: string;
  lease: number;
  attempt: number;
  fromStep: string;
  /** The step the job is measured by. */
  itemStep: string;
  /** What it backfills; null for a scrape. */
  backfill: string | null;
  discovered: boolean;
  /** True when its platform is left alone and this is to see whether it works again. */
  probe: boolean;
  /** The open cause that its platform's last failure had in common with others'; null for none. */
  cause: number | null;
  /** True when the job was taken from a worker that vanished. */
  takenOver: boolean;
  /** How often a worker vanished while holding it. */
  crashes: number;
}

/** What a worker may claim: platforms it knows, within limits that hold over all workers. */
export interface ClaimLimits {
  /** A worker of another version may know fewer or more: what it does not know it leaves to the others. */
  platforms: readonly string[];
  parallelPlatforms: number;
  jobsPerPlatform: number;
  /** Jobs this very process holds: after an outage their beats may look old, but they are not anybody else's. */
  held: readonly number[];
}

/** Thrown when a write comes from a worker whose lease was taken by another: what it did no longer counts. */
export class LeaseLost extends Error {
  constructor(jobId: number) {
    super(`the lease on job ${jobId} was lost`);
    this.name = 'LeaseLost';
  }
}

/**
 * Claims the most urgent job that may run now, or null. Oldest run first; a vanished worker's job is taken over.
 * Claims are made one at a time over all workers (an advisory lock, held for milliseconds), so that the limits hold.
 */
export async function claimJob(tx: Db, owner: string, limits: ClaimLimits): Promise<HeldJob | null> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rescrape:claim'))`);
  for (;;) {
    const candidate = await nextCandidate(tx, limits);
    if (candidate === null) return null;
    const taken = await takeCandidate(tx, owner, candidate);
    // It came to its end between our look and our lock: somebody cancelled its run.
    if (taken !== null) return taken;
  }
}

interface Candidate {
  id: number;
  run_id: number;
  status: JobStatus;
}

/** What runs is read once: hundreds may wait after an outage, and each is compared with it. */
async function nextCandidate(tx: Db, limits: ClaimLimits): Promise<Candidate | null> {
  const candidates = await tx.execute<{ id: number; run_id: number; status: JobStatus }>(sql`
    with running as materialized (
      select id, run_id, platform from jobs where finished_at is null and status = 'running')
    select j.id, j.run_id, j.status from jobs j
    where j.finished_at is null
      and j.platform in (select jsonb_array_elements_text(${JSON.stringify(limits.platforms)}::jsonb))
      and j.id not in (select value::int from jsonb_array_elements_text(${JSON.stringify(limits.held)}::jsonb))
      and (j.status = 'pending'
        or (j.status = 'waiting' and j.next_attempt_at <= now())
        or (j.status = 'running' and ${isStale}))
      and (select count(*) from running o where o.run_id = j.run_id and o.id <> j.id) < ${limits.parallelPlatforms}
      and (select count(*) from running o where o.platform = j.platform and o.id <> j.id) < ${limits.jobsPerPlatform}
      and not exists (select 1 from breaker_terms b where b.platform = j.platform and ${leftAlone})
      and not exists (select 1 from common_causes c where ${waitsForAnother})
    order by j.run_id, j.id limit 1`);
  return candidates[0] ?? null;
}

/** Locks the run, then the job, as everywhere; null when either has ended meanwhile. */
async function takeCandidate(tx: Db, owner: string, candidate: Candidate): Promise<HeldJob | null> {
  await tx.execute(sql`
    update runs set status = 'running', started_at = coalesce(started_at, now())
    where id = ${candidate.run_id} and finished_at is null`);
  const rows = await tx.execute<{
    id: number;
    run_id: number;
    root_id: number;
    platform: string;
    lease: string;
    attempt: number;
    from_step: string;
    item_step: string;
    backfill: string | null;
    discovered: boolean;
    crashes: number;
    probe: boolean;
    cause: number | null;
  }>(sql`
    update jobs set crashes = crashes + case when status = 'running' then 1 else 0 end, status = 'running', lease = lease + 1, lease_owner = ${owner}, heartbeat_at = now(),
           attempt = attempt + case when status = 'waiting' then 1 else 0 end,
           next_attempt_at = null, started_at = coalesce(started_at, now())
    where id = ${candidate.id} and finished_at is null
    returning id, run_id, root_id, platform, lease, attempt, from_step, item_step, backfill, discovered, crashes,
      exists (select 1 from breaker_terms b where b.platform = jobs.platform and b.closed_at is null) as probe,
      ${causeOfJob} as cause`);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    runId: row.run_id,
    rootId: row.root_id,
    platform: row.platform,
    lease: Number(row.lease),
    attempt: row.attempt,
    fromStep: row.from_step,
    itemStep: row.item_step,
    backfill: row.backfill,
    discovered: row.discovered,
    probe: row.probe && row.backfill === null,
    cause: row.cause,
    takenOver: candidate.status === 'running',
    crashes: row.crashes,
  };
}

const isStale = sql.raw(`j.heartbeat_at < now() - interval '${LEASE_MS} milliseconds'`);

/** Locks the job's row and proves that the lease still holds; throws {@link LeaseLost} when it does not. */
export async function fence(tx: Db, held: { id: number; lease: number }): Promise<void> {
  const rows = await tx.execute(sql`
    select 1 from jobs where id = ${held.id} and lease = ${held.lease} and status = 'running' for no key update`);
  if (rows.length === 0) throw new LeaseLost(held.id);
}

/** Gives a job back unfinished, to be claimed by anybody at once: how a worker that is told to stop leaves. */
export async function releaseJob(tx: Db, held: { id: number; lease: number }): Promise<void> {
  await tx.execute(sql`
    update jobs set status = 'pending', lease_owner = null where id = ${held.id} and lease = ${held.lease}
      and status = 'running'`);
}

/** Ends an attempt: the job is finished. Call under {@link fence}. */
export async function finishJob(
  tx: Db,
  jobId: number,
  end: { status: JobStatus; failureKind: string | null; backfillLeft?: number },
): Promise<void> {
  await tx.execute(sql`
    update jobs set status = ${end.status}, failure_kind = ${end.failureKind},
           backfill_left = ${end.backfillLeft ?? null}, finished_at = now(), lease_owner = null
    where id = ${jobId}`);
}

/**
 * Ends every unfinished job of a run where it stands; returns their ids. Whoever holds one has lost its lease by that:
 * nothing it still sends counts. Lock the run first.
 */
export async function cancelJobs(tx: Db, runId: number): Promise<number[]> {
  const rows = await tx.execute<{ id: number }>(sql`
    update jobs set status = 'cancelled', failure_kind = 'cancelled', finished_at = now(), lease_owner = null,
           next_attempt_at = null
    where id in (
      select id from jobs where run_id = ${runId} and finished_at is null order by id for no key update)
    returning id`);
  return rows.map((row) => row.id);
}

/** Ends an attempt: another one follows at `until`. Call under {@link fence}. */
export async function putOff(tx: Db, jobId: number, wait: { until: Date; failureKind: string }): Promise<void> {
  await tx.execute(sql`
    update jobs set status = 'waiting', failure_kind = ${wait.failureKind}, lease_owner = null,
           next_attempt_at = ${wait.until.toISOString()}::timestamptz
    where id = ${jobId}`);
}

/** The database's clock: the only one that leases, slots and ages are measured by. */
export async function databaseNow(db: Db): Promise<Date> {
  const rows = await db.execute<{ now: string }>(sql`select to_jsonb(now()) #>> '{}' as now`);
  return new Date(rows[0]?.now ?? Number.NaN);
}
