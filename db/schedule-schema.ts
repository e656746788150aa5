/** The tables of schedules: what is set, and what became of every slot. */
import { check, foreignKey, index, integer, jsonb, pgTable, primaryKey, sql, text } from './drizzle.ts';
import { moment, runs, type Actor } from './schema.ts';

/** A schedule as the configuration last said it. Slots count from `since`, so that a changed one owes nothing. */
export const schedules = pgTable(
  'schedules',
  {
    name: text('name').primaryKey(),
    cron: text('cron').notNull(),
    zone: text('zone').notNull(),
    since: moment('since').notNull().defaultNow(),
    /** Computed ahead for people to see; decides nothing. */
    nextSlot: moment('next_slot'),
    pausedAt: moment('paused_at'),
    /** Null while paused: until somebody resumes it. */
    pausedUntil: moment('paused_until'),
    pausedBy: jsonb('paused_by').$type<Actor>(),
    /** Set once the configuration no longer has it. */
    retiredAt: moment('retired_at'),
  },
  (t) => [
    check('schedules_name', sql`${t.name} ~ '^[a-z][a-z0-9_-]{0,31}$'`),
    check('schedules_pause', sql`(${t.pausedAt} is null) = (${t.pausedBy} is null)`),
    check('schedules_pause_end', sql`${t.pausedUntil} is null or ${t.pausedAt} is not null`),
  ],
);

/** What became of a slot: each is decided once, whoever decides it. */
export const scheduleSlots = pgTable(
  'schedule_slots',
  {
    schedule: text('schedule').notNull(),
    slot: moment('slot').notNull(),
    outcome: text('outcome').notNull(),
    runId: integer('run_id'),
    decidedAt: moment('decided_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.schedule, t.slot] }),
    foreignKey({ name: 'schedule_slots_schedule', columns: [t.schedule], foreignColumns: [schedules.name] }),
    foreignKey({ name: 'schedule_slots_run', columns: [t.runId], foreignColumns: [runs.id] }),
    index('schedule_slots_by_time').on(t.decidedAt),
    index('schedule_slots_by_run')
      .on(t.runId)
      .where(sql`${t.runId} is not null`),
    check('schedule_slots_outcome', sql`${t.outcome} in ('run','skipped_overlap','skipped_missed','skipped_paused')`),
    check('schedule_slots_run_given', sql`(${t.outcome} = 'run') = (${t.runId} is not null)`),
  ],
);
