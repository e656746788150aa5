/** Schedules and their slots. A schedule's row is locked while its slots are decided, so each is decided once. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import type { Person } from './run-facts.ts';

/** A schedule as stored. */
export interface ScheduleRow {
  name: string;
  cron: string;
  zone: string;
  /** Slots up to here are decided. */
  decidedUpTo: Date;
  pause: { from: Date; until: Date | null; by: Person } | null;
}

export type SlotOutcome = 'run' | 'skipped_overlap' | 'skipped_missed' | 'skipped_paused';

/** A slot that is decided. */
export interface DecidedSlot {
  slot: Date;
  outcome: SlotOutcome;
  runId: number | null;
}

/** Notes a schedule as it is set now. One that was changed, or comes back, counts from now on. */
export async function putSchedule(db: Db, wanted: { name: string; cron: string; zone: string }): Promise<void> {
  await db.execute(sql`
    insert into schedules (name, cron, zone) values (${wanted.name}, ${wanted.cron}, ${wanted.zone})
    on conflict (name) do update set cron = excluded.cron, zone = excluded.zone, since = now(), retired_at = null
    where (schedules.cron, schedules.zone) is distinct from (excluded.cron, excluded.zone) or schedules.retired_at is not null`);
}

/** Retires the schedules that are set no more; what became of their slots stays. */
export async function retireOthers(db: Db, names: readonly string[]): Promise<void> {
  await db.execute(sql`
    update schedules set retired_at = now(), next_slot = null
    where retired_at is null and name not in (select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))`);
}

/** A schedule, locked until the transaction ends; null when it is not stored. */
export async function lockSchedule(tx: Db, name: string): Promise<ScheduleRow | null> {
  const rows = await tx.execute<{ row: StoredSchedule }>(sql`
    with held as (select * from schedules where name = ${name} and retired_at is null for update)
    select ${facts} as row from held s`);
  return rows[0] === undefined ? null : toRow(rows[0].row);
}

/** All schedules that are set, by name. */
export async function readSchedules(db: Db): Promise<ScheduleRow[]> {
  const rows = await db.execute<{ row: StoredSchedule }>(
    sql`select ${facts} as row from schedules s where retired_at is null order by name`,
  );
  return rows.map(({ row }) => toRow(row));
}

/** Records what became of slots. A slot that was decided before is a unique violation: it cannot be decided again. */
export async function insertSlots(tx: Db, schedule: string, slots: readonly DecidedSlot[]): Promise<void> {
  await tx.execute(sql`
    insert into schedule_slots (schedule, slot, outcome, run_id)
    select ${schedule}, slot, outcome, "runId"
    from jsonb_to_recordset(${JSON.stringify(slots)}::jsonb) as s(slot timestamptz, outcome text, "runId" int)`);
}

/** Shows people when a schedule is due next; null when never. */
export async function noteNextSlot(tx: Db, name: string, next: Date | null): Promise<void> {
  const at = next === null ? null : next.toISOString();
  await tx.execute(sql`
    update schedules set next_slot = ${at}::timestamptz
    where name = ${name} and next_slot is distinct from ${at}::timestamptz`);
}

/** Puts a schedule to rest, or wakes it when `pause` is null. */
export async function setPause(tx: Db, name: string, pause: { until: Date | null; by: Person } | null): Promise<void> {
  const by = pause === null ? null : JSON.stringify(pause.by);
  const until = pause?.until?.toISOString() ?? null;
  await tx.execute(sql`
    update schedules set paused_by = ${by}::jsonb, paused_until = ${until}::timestamptz,
           paused_at = case when ${by}::jsonb is null then null else coalesce(paused_at, now()) end
    where name = ${name}`);
}

/** The root of an unfinished run of this schedule; null when there is none. */
export async function busyRoot(tx: Db, name: string): Promise<number | null> {
  const rows = await tx.execute<{ root_id: number }>(
    sql`select root_id from runs where finished_at is null and trigger = ${`schedule:${name}`} order by id desc limit 1`,
  );
  return rows[0]?.root_id ?? null;
}

/** For reading a chain: which times were skipped because run `r` was still at work. */
export const overlappedBy = sql`
  select case when count(*) > 0 then jsonb_build_object('count', count(*), 'first', min(s.slot), 'last', max(s.slot)) end
  from schedule_slots own join schedule_slots s on s.schedule = own.schedule and s.slot > own.slot
  where own.run_id = r.id and s.outcome = 'skipped_overlap'
    and not exists (select from schedule_slots n where n.schedule = own.schedule and n.outcome = 'run'
      and n.slot > own.slot and n.slot <= s.slot)`;

/** The newest slots of every schedule, newest first, at most `limit` each. */
export async function latestSlots(db: Db, limit: number): Promise<(DecidedSlot & { schedule: string })[]> {
  const rows = await db.execute<{ schedule: string; slot: string; outcome: SlotOutcome; run_id: number | null }>(sql`
    select x.schedule, to_jsonb(x.slot) #>> '{}' as slot, x.outcome, x.run_id
    from schedules s cross join lateral (
      select * from schedule_slots where schedule = s.name order by slot desc limit ${limit}) x
    where s.retired_at is null order by x.schedule, x.slot desc`);
  return rows.map((row) => ({
    schedule: row.schedule,
    slot: new Date(row.slot),
    outcome: row.outcome,
    runId: row.run_id,
  }));
}

interface StoredSchedule {
  name: string;
  cron: string;
  zone: string;
  decidedUpTo: string;
  pause: { from: string; until: string | null; by: Person } | null;
}

const facts = sql`jsonb_build_object('name', s.name, 'cron', s.cron, 'zone', s.zone,
  'decidedUpTo', greatest(s.since, (select max(slot) from schedule_slots where schedule = s.name)),
  'pause', case when s.paused_at is not null then
    jsonb_build_object('from', s.paused_at, 'until', s.paused_until, 'by', s.paused_by) end)`;

function toRow({ pause, decidedUpTo, ...row }: StoredSchedule): ScheduleRow {
  return {
    ...row,
    decidedUpTo: new Date(decidedUpTo),
    pause: pause && {
      by: pause.by,
      from: new Date(pause.from),
      until: pause.until === null ? null : new Date(pause.until),
    },
  };
}
