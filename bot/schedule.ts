/**
 * Starts runs by the clock. The tick only wakes: which slots are due follows from the configuration, the database's
 * time and the slots that are decided already. So two bots, a loop that was blocked over the minute, a clock set back
 * or a restart start each slot once, and what was not started is recorded with its reason.
 */
import type { Database, Db } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import { announce } from '#db/runs.ts';
import { withRetries } from '#db/errors.ts';
import {
  busyRoot,
  insertSlots,
  latestSlots,
  lockSchedule,
  noteNextSlot,
  putSchedule,
  readSchedules,
  retireOthers,
  setPause,
  type DecidedSlot,
  type ScheduleRow,
} from '#db/schedules.ts';
import { readCron, type Cron } from '#bot/runs/cron.ts';
import { nearest } from '#bot/runs/nearest.ts';
import type { Intent } from '#bot/runs/requests.ts';
import { decideSlots, rests, type ScheduleRules } from '#bot/runs/schedule.ts';
import type { RestRequest, ScheduleAnswer, ScheduleView } from '#bot/runs/schedule-requests.ts';
import { nextSlot, slotsBetween, zoneOffset, type ZoneOffset } from '#bot/runs/slots.ts';
import { errorFields, type Log } from './log.ts';
import { once, type Handled } from './once.ts';
import { startTicks } from './ticks.ts';

/** Slots recorded in one transaction: after a year away there are many. */
const BATCH = 500;
/** Slots shown of each schedule. */
const SHOWN = 5;

/** A schedule as it is set, checked. */
export interface Schedule {
  name: string;
  cron: string;
  zone: string;
  /** Which platforms its runs take; empty: the usual ones. */
  platforms: readonly string[];
  rules: ScheduleRules;
}

/** What the service is made of. */
export interface ScheduleParts {
  database: Database;
  schedules: readonly Schedule[];
  /** Starts the run of a slot within the transaction that decides it; returns its number. */
  startDue: (tx: Db, due: { schedule: string; slot: Date; platforms: readonly string[] }) => Promise<number>;
  log: Log;
}

interface Timetable extends Schedule {
  fields: Cron;
  offset: ZoneOffset;
}

/** Makes the service; the schedules are checked already. */
export function createScheduleService({ database, schedules, startDue, log }: ScheduleParts) {
  const tables = schedules.map(timetable);
  const find = (name: string) => tables.find((table) => table.name === name);

  /** Notes the schedules as they are set. Call once, before the first tick. */
  async function open(): Promise<void> {
    for (const { name, cron, zone } of tables) await putSchedule(database.db, { name, cron, zone });
    await retireOthers(
      database.db,
      tables.map((table) => table.name),
    );
  }

  /** Decides every slot that is due. Never throws: what did not work is tried at the next tick. */
  async function tick(): Promise<void> {
    for (const table of tables) {
      try {
        while (await withRetries(() => database.db.transaction((tx) => decideDue(tx, table))));
      } catch (error) {
        log.warn({ schedule: table.name, ...errorFields(error) }, 'due slots could not be decided; the next tick will');
      }
    }
  }

  /** Decides one batch of a schedule's due slots; true when there may be more. */
  async function decideDue(tx: Db, table: Timetable): Promise<boolean> {
    const row = await lockSchedule(tx, table.name);
    if (row === null || row.cron !== table.cron || row.zone !== table.zone) return false;
    const now = await databaseNow(tx);
    const due: Date[] = [];
    for (const slot of slotsBetween(table.fields, table.offset, row.decidedUpTo, now)) {
      due.push(slot);
      if (due.length > BATCH) break;
    }
    const more = due.length > BATCH;
    if (due.length > 0) await record(tx, table, row, due, now);
    if (!more) await noteNextSlot(tx, table.name, nextSlot(table.fields, table.offset, now));
    return more;
  }

  async function record(tx: Db, table: Timetable, row: ScheduleRow, due: Date[], now: Date): Promise<void> {
    const busy = await busyRoot(tx, table.name);
    const decided = decideSlots({ slots: due, rules: table.rules, pause: row.pause, busy: busy !== null, now });
    // The last of a batch with more behind it is not the newest: it comes again with the next batch.
    const final = due.length > BATCH ? decided.slice(0, -1) : decided;
    const slots: DecidedSlot[] = [];
    for (const { slot, outcome, late } of final) {
      const runId =
        outcome === 'run' ? await startDue(tx, { schedule: table.name, slot, platforms: table.platforms }) : null;
      if (runId !== null) log.info({ schedule: table.name, slot, runId, late }, 'a scheduled run was started');
      slots.push({ slot, outcome, runId });
    }
    await insertSlots(tx, table.name, slots);
    if (busy !== null && slots.some(({ outcome }) => outcome === 'skipped_overlap')) await announce(tx, busy);
  }

  /** Puts a schedule to rest until a time (null: until it is resumed), or wakes it (`resume`). */
  async function rest(intent: Intent, wanted: RestRequest): Promise<ScheduleAnswer> {
    const action = wanted.resume ? 'schedule resume' : 'schedule pause';
    const args = { name: wanted.name, until: wanted.until };
    return once(database, intent, action, args, async (tx): Promise<Handled<ScheduleAnswer>> => {
      const table = find(wanted.name);
      const row = table === undefined ? null : await lockSchedule(tx, wanted.name);
      if (table === undefined || row === null) return refused(unknown(wanted.name));
      const now = await databaseNow(tx);
      const resting = row.pause !== null && rests(row.pause, now);
      if (wanted.resume && !resting) return refused({ kind: 'refused', reason: 'not_paused', name: wanted.name });
      if (!wanted.resume && wanted.until !== null && wanted.until <= now) {
        return refused({ kind: 'refused', reason: 'past', name: wanted.name });
      }
      // What came due until now was due under the rules that held until now.
      while (await decideDue(tx, table));
      await setPause(tx, wanted.name, wanted.resume ? null : { until: wanted.until, by: intent.actor });
      const next = nextSlot(table.fields, table.offset, wanted.resume ? now : (wanted.until ?? now));
      const answer: ScheduleAnswer = wanted.resume
        ? { kind: 'resumed', name: wanted.name, next: next?.toISOString() ?? null }
        : {
            kind: 'paused',
            name: wanted.name,
            until: wanted.until?.toISOString() ?? null,
            next: wanted.until === null ? null : (next?.toISOString() ?? null),
          };
      return { answer, outcome: 'done', runId: null };
    });
  }

  function unknown(name: string): ScheduleAnswer {
    const known = tables.map((table) => table.name);
    return { kind: 'refused', reason: 'unknown', name, known, nearest: nearest(name, known) };
  }

  return {
    open,
    tick,
    rest,

    /** How every schedule stands, with what became of its newest slots. */
    async view(): Promise<ScheduleView[]> {
      const [rows, slots, now] = await Promise.all([
        readSchedules(database.db),
        latestSlots(database.db, SHOWN),
        databaseNow(database.db),
      ]);
      return rows.flatMap((row) => {
        const table = find(row.name);
        if (table === undefined) return [];
        const pause = row.pause !== null && rests(row.pause, now) ? row.pause : null;
        const from = pause === null ? now : pause.until;
        return {
          name: row.name,
          cron: row.cron,
          zone: row.zone,
          platforms: table.platforms,
          next: from === null ? null : nextSlot(table.fields, table.offset, new Date(from.getTime() - 1)),
          pause,
          slots: slots.filter((slot) => slot.schedule === row.name),
        };
      });
    },

    /** Looks for due slots from now on. Stop it before the database is closed. */
    start(): { stop(): Promise<void> } {
      return tables.length === 0 ? { stop: () => Promise.resolve() } : startTicks(tick);
    },
  };
}

function timetable(schedule: Schedule): Timetable {
  const read = readCron(schedule.cron);
  if (read.kind === 'fault') throw new Error(`the schedule ${schedule.name} ${read.why}`);
  return { ...schedule, fields: read.cron, offset: zoneOffset(schedule.zone) };
}

function refused(answer: ScheduleAnswer): Handled<ScheduleAnswer> {
  return { answer, outcome: `refused:${answer.kind === 'refused' ? answer.reason : 'unknown'}`, runId: null };
}
