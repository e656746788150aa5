/**
 * What a run delivered, as rows that are read through a cursor: an export holds a thousand of them at a time, however
 * many there are. A record belongs to a run by its work item: the item that a job (or the chain it continues) has done
 * carries the record's own id, see `delivered_items`. Prices are those that were offered when the job ended.
 */
import { sql, type SQL } from './drizzle.ts';
import type { Db } from './client.ts';
import type { FailureKind } from '#scraper/errors.ts';

/** A value of a row as it is written to a file. */
export type ExportValue = string | number | boolean | null;

/** One kind of records: its columns in their order, and how its rows are selected. */
export interface RecordKind {
  kind: string;
  columns: readonly string[];
  select: (jobIds: readonly number[]) => SQL;
}

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

/** Every kind of records there is; a run's file names say which one it holds. */
export const recordKinds: readonly RecordKind[] = [
  {
    kind: 'odds',
    columns: [
      'run',
      'platform',
      'country',
      'event',
      'book_event',
      'sportradar_id',
      'home',
      'away',
      'competition',
      'competition_country',
      'kickoff',
      'market',
      'period',
      'line',
      'outcome',
      'price',
      'market_id',
      'outcome_id',
    ],
    select: selectOdds,
  },
];

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

/**
 * A price is what it was when the job ended: where it moved later, the first later change tells what it was before.
 * What has not moved since is as it stands.
 */
function selectOdds(jobIds: readonly number[]): SQL {
  return sql`
    with wanted as (
      select distinct j.run_id, coalesce(j.finished_at, now()) as until, b.id, b.event_id, b.platform, b.country,
             b.source_id, b.sportradar_id, b.home, b.away, b.competition, b.competition_country, b.kickoff
      from jobs j cross join lateral delivered_items(j.id) d
      join book_events b on b.platform = j.platform and b.source_id = d.key
      where j.id in (${list(jobIds)})
    ), later as (
      select distinct on (c.book_event_id, c.market, c.period, c.line, c.outcome) c.*
      from wanted w join odds_changes c on c.book_event_id = w.id and c.at > w.until
      order by c.book_event_id, c.market, c.period, c.line, c.outcome, c.at, c.id
    ), offered as (
      select l.book_event_id, l.market, l.period, l.line, l.outcome, l.old_price as price
      from later l where l.old_price is not null
      union all
      select o.book_event_id, o.market, o.period, o.line, o.outcome, o.price
      from odds o join wanted w on w.id = o.book_event_id
      where not exists (select 1 from later l where l.book_event_id = o.book_event_id and l.market = o.market
        and l.period = o.period and l.outcome = o.outcome and l.line is not distinct from o.line)
    )
    select w.run_id as run, w.platform, w.country, w.event_id::text as event, w.source_id as book_event, w.sportradar_id,
           w.home, w.away, w.competition, w.competition_country, ${iso(sql`w.kickoff`)} as kickoff,
           f.market, f.period, f.line, f.outcome, f.price, o.source_market_id as market_id,
           o.source_outcome_id as outcome_id
    from wanted w join offered f on f.book_event_id = w.id
    left join odds o on o.book_event_id = f.book_event_id and o.market = f.market and o.period = f.period
      and o.outcome = f.outcome and o.line is not distinct from f.line
    order by w.platform, w.kickoff, w.id, f.market, f.period, f.line nulls first, f.outcome`;
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

function iso(moment: SQL): SQL {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}

function list(ids: readonly number[]): SQL {
  return sql`select value::int from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)`;
}
