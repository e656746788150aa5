/**
 * What a run delivered, as rows that are read through a cursor: an export holds a thousand of them at a time, however
 * many there are. A record belongs to a run by its work item: the item that a job (or the chain it continues) has done
 * carries the record's own id, see `delivered_items`.
 */
import { sql, type SQL } from './drizzle.ts';
import type { Db } from './client.ts';
import { iso, list, type RecordKind } from './record-kinds.ts';
import type { FailureKind } from '#scraper/errors.ts';

/** A value of a row as it is written to a file. */
export type ExportValue = string | number | boolean | null;

/** One missing item. */
export interface MissingRow {
  platform: string;
  key: string;
  name: string | null;
  failure: FailureKind | null;
}

const rowsAtOnce = 1_000;

/** What the site calls an item, as far as its list said so. */
const itemName = sql`coalesce(w.payload ->> 'name', w.payload ->> 'title', w.payload ->> 'url')`;

/** The columns of {@link missingRows}. */
export const missingColumns = ['run', 'platform', 'step', 'key', 'name', 'failure', 'tries', 'found_at'] as const;

/** What is missing of these jobs, most urgent first, in batches. */
export function missingRows(tx: Db, jobIds: readonly number[]): AsyncGenerator<ExportValue[][]> {
  return read(
    tx,
    'missing',
    missingColumns,
    sql`
    select j.run_id as run, j.platform, w.step, w.key,
           ${itemName} as name,
           w.failure_kind as failure, w.attempts as tries, ${iso(sql`w.discovered_at`)} as found_at
    from work_items w join jobs j on j.id = w.job_id
    where w.job_id in (${list(jobIds)}) and w.status = 'pending' order by j.platform, w.step, w.priority, w.id`,
  );
}

/** The records of one kind that these jobs delivered, in batches. Within the caller's transaction. */
export function recordRows(tx: Db, kind: RecordKind, jobIds: readonly number[]): AsyncGenerator<ExportValue[][]> {
  return read(tx, kind.kind, kind.columns, kind.select(jobIds));
}

/** Those of the jobs that delivered something of which it is no longer kept what: their work items had their time. */
export async function forgottenJobs(db: Db, jobIds: readonly number[]): Promise<number[]> {
  if (jobIds.length === 0) return [];
  const rows = await db.execute<{ id: number }>(sql`
    select id from jobs where id in (${list(jobIds)}) and finished_at is not null
      and items_kept + items_done > items_gone and not exists (select from delivered_items(jobs.id)) order by id`);
  return rows.map((row) => row.id);
}

/** The most urgent of what these jobs miss. */
export async function firstMissing(db: Db, jobIds: readonly number[], most: number): Promise<MissingRow[]> {
  if (jobIds.length === 0) return [];
  const rows = await db.execute<MissingRow & Record<string, unknown>>(sql`
    select j.platform, w.key, ${itemName} as name, w.failure_kind as failure
    from work_items w join jobs j on j.id = w.job_id
    where w.job_id in (${list(jobIds)}) and w.status = 'pending'
    order by w.priority, w.id limit ${most}`);
  return [...rows];
}

/** How many items these jobs miss. */
export async function countMissing(db: Db, jobIds: readonly number[]): Promise<number> {
  if (jobIds.length === 0) return 0;
  const rows = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from work_items where job_id in (${list(jobIds)}) and status = 'pending'`);
  return rows[0]?.count ?? 0;
}

/** The cursor lives until the transaction ends; each name is used once in one. */
async function* read(tx: Db, name: string, columns: readonly string[], query: SQL): AsyncGenerator<ExportValue[][]> {
  const cursor = sql.identifier(`export_${name}`);
  const cells = sql.join(
    columns.map((column) => sql`to_jsonb(q.${sql.identifier(column)})`),
    sql`, `,
  );
  await tx.execute(sql`
    declare ${cursor} no scroll cursor for select jsonb_build_array(${cells}) as cells from (${query}) q`);
  for (;;) {
    const rows = await tx.execute<{ cells: ExportValue[] }>(sql`fetch ${sql.raw(String(rowsAtOnce))} from ${cursor}`);
    if (rows.length === 0) return;
    yield rows.map((row) => row.cells);
  }
}
