/** The tables of runs. The constraints carry the promises: what they forbid cannot happen, whoever writes. */
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  sql,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from './drizzle.ts';

/** A point in time; the database keeps the zone, we read UTC. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

const unfinishedRun = sql.raw(`('pending','running')`);
const unfinishedJob = sql.raw(`('pending','running','waiting')`);
const platformPattern = sql.raw(`'^[a-z][a-z0-9_-]{0,31}$'`);

/** Who asked: kept as data so that a name can be shown without asking the surface again. */
export interface Actor {
  surface: string;
  /** The surface's own id of the person; what rights are decided by. */
  id: string;
  name: string;
}

/** One request to scrape a set of platforms. `id` is what people type. */
export const runs = pgTable(
  'runs',
  {
    id: integer('id').primaryKey().generatedByDefaultAsIdentity(),
    status: text('status').notNull().default('pending'),
    trigger: text('trigger').notNull(),
    triggerKey: text('trigger_key').notNull(),
    retryOf: integer('retry_of'),
    rootId: integer('root_id').notNull(),
    rescrapeOf: integer('rescrape_of'),
    platforms: text('platforms').array().notNull(),
    requestedBy: jsonb('requested_by').$type<Actor>().notNull(),
    homeSurface: text('home_surface'),
    /** Since when its home was down, when platforms were left out because of that. */
    lostSince: moment('lost_since'),
    /** When it was closed because it was too old and nobody worked on it. */
    staleSince: moment('stale_since'),
    /** Who ended it before it was done; null for all that came to their end by themselves. */
    cancelledBy: jsonb('cancelled_by').$type<Actor>(),
    note: text('note'),
    createdAt: moment('created_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    foreignKey({ name: 'runs_retry_of', columns: [t.retryOf], foreignColumns: [t.id] }),
    foreignKey({ name: 'runs_root', columns: [t.rootId], foreignColumns: [t.id] }),
    foreignKey({ name: 'runs_rescrape_of', columns: [t.rescrapeOf], foreignColumns: [t.id] }),
    unique('runs_trigger_key').on(t.triggerKey),
    unique('runs_one_rescrape').on(t.rescrapeOf),
    index('runs_by_root').on(t.rootId),
    index('runs_by_retried')
      .on(t.retryOf)
      .where(sql`${t.retryOf} is not null`),
    index('runs_unfinished')
      .on(t.id)
      .where(sql`${t.finishedAt} is null`),
    index('runs_by_end').on(t.finishedAt),
    check(
      'runs_status',
      sql`${t.status} in ('pending','running','completed','partial','failed','connection_failed','cancelled')`,
    ),
    check('runs_finished', sql`(${t.status} in ${unfinishedRun}) = (${t.finishedAt} is null)`),
    check('runs_root_is_first', sql`(${t.rootId} = ${t.id}) = (${t.retryOf} is null and ${t.rescrapeOf} is null)`),
    check('runs_one_parent', sql`${t.retryOf} is null or ${t.rescrapeOf} is null`),
    check('runs_cancelled', sql`${t.cancelledBy} is null or ${t.finishedAt} is not null`),
    check('runs_platforms', sql`cardinality(${t.platforms}) > 0`),
  ],
);

/** One platform within one run. A worker holds it by `lease`: a number that grows with every claim. */
export const jobs = pgTable(
  'jobs',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    runId: integer('run_id').notNull(),
    rootId: integer('root_id').notNull(),
    platform: text('platform').notNull(),
    status: text('status').notNull().default('pending'),
    retryNumber: smallint('retry_number').notNull().default(0),
    /** True in a re-scrape, which is none of the three retries: `retry_number` is how many were used before it. */
    rescrape: boolean('rescrape').notNull().default(false),
    attempt: smallint('attempt').notNull().default(1),
    /** The step it starts with; everything before it is kept from `source_job_id`. */
    fromStep: text('from_step').notNull(),
    /** Whether the list of work items is whole: `discover` succeeded here or in the job this one continues. */
    discovered: boolean('discovered').notNull().default(false),
    /** The older job of the chain whose work this one continues. */
    sourceJobId: integer('source_job_id'),
    lease: bigint('lease', { mode: 'number' }).notNull().default(0),
    leaseOwner: text('lease_owner'),
    /** How often a worker vanished while holding it. */
    crashes: smallint('crashes').notNull().default(0),
    heartbeatAt: moment('heartbeat_at'),
    nextAttemptAt: moment('next_attempt_at'),
    /** The step the job is measured by: `items_*` count its work items, `further_items` those of later steps. */
    itemStep: text('item_step').notNull().default('extract'),
    /** What it backfills over all runs, `images` or a field; null for a scrape. */
    backfill: text('backfill'),
    /** Listings that still lacked it when the job ended. */
    backfillLeft: integer('backfill_left'),
    /** Work items of the whole platform: those kept from the chain plus this job's own. */
    itemsTotal: integer('items_total').notNull().default(0),
    itemsKept: integer('items_kept').notNull().default(0),
    itemsDone: integer('items_done').notNull().default(0),
    itemsFailed: integer('items_failed').notNull().default(0),
    /** Of those kept and done, how many the site no longer had: an answer, but nothing delivered. */
    itemsGone: integer('items_gone').notNull().default(0),
    /** How many records came (`*`), and in how many of them each watched field was filled; null while none is watched. */
    coverage: jsonb('coverage').$type<Record<string, number>>(),
    failureKind: text('failure_kind'),
    /** How its newest attempt failed, where that may have a cause in common with other platforms, and when. */
    fingerprint: text('fingerprint'),
    failedAt: moment('failed_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    foreignKey({ name: 'jobs_run', columns: [t.runId], foreignColumns: [runs.id] }),
    foreignKey({ name: 'jobs_root', columns: [t.rootId], foreignColumns: [runs.id] }),
    foreignKey({ name: 'jobs_source', columns: [t.sourceJobId], foreignColumns: [t.id] }),
    unique('jobs_one_per_run').on(t.runId, t.platform),
    uniqueIndex('jobs_one_unfinished')
      .on(t.rootId, t.platform)
      .where(sql`${t.finishedAt} is null`),
    uniqueIndex('jobs_retry_numbers')
      .on(t.rootId, t.platform, t.retryNumber)
      .where(sql`${t.retryNumber} > 0 and ${t.status} not in ('cancelled', 'skipped') and not ${t.rescrape}`),
    index('jobs_unfinished')
      .on(t.runId, t.id)
      .where(sql`${t.finishedAt} is null`),
    index('jobs_by_platform').on(t.platform, t.id),
    index('jobs_by_source')
      .on(t.sourceJobId)
      .where(sql`${t.sourceJobId} is not null`),
    index('jobs_by_root').on(t.rootId, t.platform, t.id),
    index('jobs_by_end')
      .on(t.finishedAt)
      .where(sql`${t.finishedAt} is not null`),
    index('jobs_backfills')
      .on(t.platform, t.id)
      .where(sql`${t.backfill} is not null`),
    index('jobs_alike')
      .on(t.fingerprint, t.failedAt)
      .where(sql`${t.fingerprint} is not null`),
    index('jobs_complete')
      .on(t.platform, t.id)
      .where(sql`${t.status} = 'completed'`),
    check(
      'jobs_status',
      sql`${t.status} in ('pending','running','waiting','completed','partial','failed','skipped','cancelled')`,
    ),
    check('jobs_platform', sql`${t.platform} ~ ${platformPattern}`),
    check('jobs_retry_number', sql`${t.retryNumber} between 0 and 3`),
    check('jobs_attempt', sql`${t.attempt} >= 1`),
    check('jobs_finished', sql`(${t.status} in ${unfinishedJob}) = (${t.finishedAt} is null)`),
    check('jobs_backfill', sql`${t.backfill} ~ ${platformPattern}`),
    check('jobs_backfill_left', sql`${t.backfillLeft} is null or ${t.backfill} is not null`),
    check('jobs_waiting', sql`(${t.status} = 'waiting') = (${t.nextAttemptAt} is not null)`),
    check('jobs_running', sql`${t.status} <> 'running' or ${t.heartbeatAt} is not null`),
    check('jobs_fingerprint', sql`(${t.fingerprint} is null) = (${t.failedAt} is null)`),
    check('jobs_failure', sql`(${t.status} in ('partial','failed')) <= (${t.failureKind} is not null)`),
  ],
);

/** A named stage of a job as it was really run: a lost worker leaves its row behind, `interrupted`. */
export const steps = pgTable(
  'steps',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    jobId: integer('job_id').notNull(),
    attempt: smallint('attempt').notNull(),
    lease: bigint('lease', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    status: text('status').notNull().default('running'),
    itemsTotal: integer('items_total').notNull().default(0),
    itemsDone: integer('items_done').notNull().default(0),
    itemsFailed: integer('items_failed').notNull().default(0),
    errorKind: text('error_kind'),
    errorMessage: text('error_message'),
    metadata: jsonb('metadata').$type<Record<string, number>>().notNull().default({}),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (t) => [
    foreignKey({ name: 'steps_job', columns: [t.jobId], foreignColumns: [jobs.id] }),
    unique('steps_one_per_hold').on(t.jobId, t.lease, t.name),
    check('steps_status', sql`${t.status} in ('pending','running','success','failed','skipped')`),
    check('steps_finished', sql`(${t.status} in ${unfinishedRun}) = (${t.finishedAt} is null)`),
    check('steps_error', sql`(${t.status} = 'failed') = (${t.errorKind} is not null)`),
  ],
);

/** A scrape error as it happened. Rows are never updated (a trigger refuses it): the first error stays. */
export const failures = pgTable(
  'failures',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    jobId: integer('job_id').notNull(),
    attempt: smallint('attempt').notNull(),
    step: text('step').notNull(),
    itemKey: text('item_key'),
    kind: text('kind').notNull(),
    headline: text('headline').notNull(),
    detail: text('detail').notNull(),
    retryable: boolean('retryable').notNull(),
    until: moment('until'),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'failures_job', columns: [t.jobId], foreignColumns: [jobs.id] }),
    index('failures_by_job').on(t.jobId, t.id),
    check('failures_detail', sql`octet_length(${t.detail}) <= 8192`),
  ],
);
