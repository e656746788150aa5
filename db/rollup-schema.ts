/**
 * The history counted by day, so that what the status page reads does not grow with it. Triggers keep these tables in
 * the transaction that ends a job or a run (migration `rollups`); `roll_up_everything()` counts all of it anew. A day is
 * a day in UTC.
 */
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  smallint,
  sql,
  text,
} from './drizzle.ts';
import { moment, runs } from './schema.ts';

/** What a platform comes to in a chain: its newest result there, under the day the root run was asked for. */
export const chainResults = pgTable(
  'chain_results',
  {
    rootId: integer('root_id').notNull(),
    platform: text('platform').notNull(),
    day: date('day').notNull(),
    state: text('state').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.rootId, t.platform] }),
    foreignKey({ name: 'chain_results_root', columns: [t.rootId], foreignColumns: [runs.id] }).onDelete('cascade'),
    check('chain_results_state', sql`${t.state} in ('complete','retried','partial','failed','missed')`),
  ],
);

const count = (name: string) => integer(name).notNull().default(0);
const sum = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/**
 * One platform's day. The first five count chains by their result (`retried`: complete after a retry; `missed`: skipped
 * or cancelled), under the day of their root run; the others count jobs under the day they finished.
 */
export const platformDays = pgTable(
  'platform_days',
  {
    day: date('day').notNull(),
    platform: text('platform').notNull(),
    complete: count('complete'),
    retried: count('retried'),
    partial: count('partial'),
    failed: count('failed'),
    missed: count('missed'),
    jobs: count('jobs'),
    goodJobs: count('good_jobs'),
    /** Items stored by good jobs, what they kept of earlier ones included. */
    goodItems: sum('good_items'),
    retries: count('retries'),
    goodRetries: count('good_retries'),
  },
  (t) => [primaryKey({ columns: [t.day, t.platform] })],
);

/** How long good jobs took: `bucket` is the rounded 20-fold natural logarithm of milliseconds, exact to 2.5 percent. */
export const durationDays = pgTable(
  'duration_days',
  {
    day: date('day').notNull(),
    platform: text('platform').notNull(),
    bucket: smallint('bucket').notNull(),
    jobs: count('jobs'),
  },
  (t) => [primaryKey({ columns: [t.day, t.platform, t.bucket] })],
);

/** How the steps of a platform's jobs went, under the day the job finished. */
export const stepDays = pgTable(
  'step_days',
  {
    day: date('day').notNull(),
    platform: text('platform').notNull(),
    step: text('step').notNull(),
    ran: count('ran'),
    good: count('good'),
    itemsDone: sum('items_done'),
    itemsFailed: sum('items_failed'),
    tookMs: sum('took_ms'),
  },
  (t) => [primaryKey({ columns: [t.day, t.platform, t.step] })],
);

/** What went wrong, by step and kind, under the day the job finished. */
export const failureDays = pgTable(
  'failure_days',
  {
    day: date('day').notNull(),
    platform: text('platform').notNull(),
    step: text('step').notNull(),
    kind: text('kind').notNull(),
    failures: count('failures'),
    jobs: count('jobs'),
    /** The newest run it happened in. */
    lastRun: integer('last_run').notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.platform, t.step, t.kind] })],
);

/**
 * What retries came to that people started, by what they were to fix: the step and kind that decided the job before. Under
 * the day the retry ended, so that a day that is over never changes. What a person accepted was not fixed by a retry.
 */
export const retryDays = pgTable(
  'retry_days',
  {
    platform: text('platform').notNull(),
    step: text('step').notNull(),
    kind: text('kind').notNull(),
    retryNumber: smallint('retry_number').notNull(),
    day: date('day').notNull(),
    retries: count('retries'),
    fixed: count('fixed'),
  },
  (t) => [primaryKey({ columns: [t.platform, t.step, t.kind, t.retryNumber, t.day] })],
);

/** How jobs ended, skipped and cancelled ones included, and how many attempts they took. */
export const endDays = pgTable(
  'end_days',
  {
    day: date('day').notNull(),
    platform: text('platform').notNull(),
    status: text('status').notNull(),
    jobs: count('jobs'),
    attempts: count('attempts'),
  },
  (t) => [primaryKey({ columns: [t.day, t.platform, t.status] })],
);

/** Finished runs by the day they were asked for. */
export const runDays = pgTable('run_days', {
  day: date('day').primaryKey(),
  completed: count('completed'),
  partial: count('partial'),
  failed: count('failed'),
  cancelled: count('cancelled'),
  firstRun: integer('first_run').notNull(),
  lastRun: integer('last_run').notNull(),
});

/** The turns of a platform: from delivering to not delivering, and back. Its first job is a turn as well. */
export const platformTurns = pgTable(
  'platform_turns',
  {
    id: integer('id').notNull().generatedAlwaysAsIdentity(),
    platform: text('platform').notNull(),
    good: boolean('good').notNull(),
    runId: integer('run_id').notNull(),
    status: text('status').notNull(),
    failureKind: text('failure_kind'),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.platform, t.id] })],
);
