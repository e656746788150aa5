/** Breakers: how often a platform failed in a row, and the terms in which it is left alone. */
import { sql, type SQL } from './drizzle.ts';
import type { Db } from './client.ts';
import type { BreakerFacts } from './run-facts.ts';

/** A term as it comes out of JSON. */
export interface BreakerRow extends Omit<BreakerFacts, 'failingSince' | 'nextProbeAt' | 'openedAt' | 'closedAt'> {
  failingSince: string;
  nextProbeAt: string;
  openedAt: string;
  closedAt: string | null;
}

/** A term as JSON, of `breaker_terms b`. */
export const breakerFacts = sql`jsonb_build_object(
  'platform', b.platform, 'failures', b.failures, 'failingSince', b.failing_since, 'kind', b.failure_kind,
  'openedAt', b.opened_at, 'openedRun', b.opened_run, 'nextProbeAt', b.next_probe_at, 'probes', b.probes,
  'closedAt', b.closed_at, 'closedRun', b.closed_run)`;

/** A term as facts. */
export function toBreaker(row: BreakerRow): BreakerFacts {
  return {
    ...row,
    failingSince: new Date(row.failingSince),
    nextProbeAt: new Date(row.nextProbeAt),
    openedAt: new Date(row.openedAt),
    closedAt: row.closedAt === null ? null : new Date(row.closedAt),
  };
}

/** The open term of a platform, locked until the transaction ends; null when it is not left alone. */
export async function openTerm(tx: Db, platform: string): Promise<BreakerFacts | null> {
  const rows = await tx.execute<{ term: BreakerRow }>(sql`
    select ${breakerFacts} as term from breaker_terms b where platform = ${platform} and closed_at is null for update`);
  const [row] = rows;
  return row === undefined ? null : toBreaker(row.term);
}

/** The platforms that are left alone now, by their names. */
export async function openTerms(db: Db): Promise<BreakerFacts[]> {
  const rows = await db.execute<{ term: BreakerRow }>(sql`
    select ${breakerFacts} as term from breaker_terms b where closed_at is null order by platform`);
  return rows.map((row) => toBreaker(row.term));
}

/**
 * How many of a platform's newest jobs failed in a row, and since when: those that delivered nothing, for a reason that
 * lies with the site. What was limited, cancelled, left out, or lost with its worker says nothing about it, nor does
 * what broke other platforms as well.
 */
export async function failedInARow(
  tx: Db,
  platform: string,
  counted: readonly string[],
): Promise<{ failures: number; since: Date | null }> {
  const rows = await tx.execute<{ failures: number; since: string | null }>(sql`
    select count(*)::int as failures, to_jsonb(min(coalesce(started_at, finished_at))) #>> '{}' as since
    from jobs where platform = ${platform} and status = 'failed' and backfill is null
      and not exists (select 1 from common_causes c where c.fingerprint = jobs.fingerprint
        and jobs.platform = any (c.platforms)
        and jobs.failed_at >= c.since and (c.closed_at is null or jobs.failed_at <= c.closed_at))
      and failure_kind in (select jsonb_array_elements_text(${JSON.stringify(counted)}::jsonb))
      and id > coalesce((select max(id) from jobs where platform = ${platform} and backfill is null
        and status in ('completed', 'partial')), 0)`);
  const { failures = 0, since = null } = rows[0] ?? {};
  return { failures, since: since === null ? null : new Date(since) };
}

/** Begins a term; nothing when one is open already. */
export async function beginTerm(
  tx: Db,
  term: { platform: string; failures: number; since: Date; kind: string; run: number; probeAt: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into breaker_terms (platform, failures, failing_since, failure_kind, opened_run, next_probe_at)
    values (${term.platform}, ${term.failures}, ${term.since.toISOString()}::timestamptz, ${term.kind}, ${term.run},
            ${term.probeAt.toISOString()}::timestamptz)
    on conflict do nothing`);
}

/** A probe failed: the next is later. */
export async function postponeProbe(tx: Db, platform: string, probe: { at: Date; kind: string }): Promise<void> {
  await tx.execute(sql`
    update breaker_terms set next_probe_at = ${probe.at.toISOString()}::timestamptz, probes = probes + 1,
           failures = failures + 1, failure_kind = ${probe.kind}
    where platform = ${platform} and closed_at is null`);
}

/** Somebody wants it tried: the next job is a probe, whenever it comes. */
export async function probeNow(tx: Db, platform: string): Promise<void> {
  await tx.execute(sql`
    update breaker_terms set next_probe_at = least(next_probe_at, now()) where platform = ${platform} and closed_at is null`);
}

/** Ends a term: the platform delivered in this run. */
export async function endTerm(tx: Db, platform: string, run: number): Promise<void> {
  await tx.execute(sql`
    update breaker_terms set closed_at = now(), closed_run = ${run} where platform = ${platform} and closed_at is null`);
}

/** Unfinished runs with platforms that are left alone now and that no worker has begun; a person's retry is let through. */
export async function leftAloneRuns(tx: Db): Promise<{ runId: number; rootId: number }[]> {
  const rows = await tx.execute<{ run_id: number; root_id: number }>(selectLeftAlone());
  return rows.map((row) => ({ runId: row.run_id, rootId: row.root_id }));
}

/** The runs with jobs that are left alone, as {@link leftAloneRuns} reads them. */
export function selectLeftAlone(): SQL {
  return sql`
    select distinct j.run_id, j.root_id from jobs j
    join breaker_terms b on b.platform = j.platform where ${leftAlone}`;
}

/** Ends those jobs of a run; returns their platforms. Lock the root first. */
export async function skipLeftAlone(tx: Db, runId: number): Promise<string[]> {
  const rows = await tx.execute<{ platform: string }>(sql`
    update jobs j set status = 'skipped', failure_kind = 'left_alone', finished_at = now()
    from breaker_terms b
    where b.platform = j.platform and j.run_id = ${runId} and ${leftAlone} returning j.platform`);
  return rows.map((row) => row.platform);
}

/** Whether a job `j` that no worker has begun is not to be begun, because of the term `b` of its platform. */
export const leftAlone = sql`b.closed_at is null and b.next_probe_at > now() and j.finished_at is null
  and j.status = 'pending' and j.started_at is null and j.backfill is null and (j.retry_number = 0 or j.rescrape)`;
