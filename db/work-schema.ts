/** The tables of work items, and of the hosts that do not want to be asked for them now. */
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  sql,
  text,
  unique,
} from './drizzle.ts';
import { jobs, moment } from './schema.ts';

/**
 * One unit of work of a job. It survives the run, so that a retry can take just the missing ones. `kept`: found again,
 * but done already by an older job of the chain.
 */
export const workItems = pgTable(
  'work_items',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    jobId: integer('job_id').notNull(),
    step: text('step').notNull(),
    key: text('key').notNull(),
    priority: bigint('priority', { mode: 'number' }).notNull().default(0),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    status: text('status').notNull().default('pending'),
    attempts: smallint('attempts').notNull().default(0),
    failureKind: text('failure_kind'),
    /** When the site told us of it: decides, with the platform's maximum age, whether it is still worth continuing. */
    discoveredAt: moment('discovered_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'work_items_job', columns: [t.jobId], foreignColumns: [jobs.id] }),
    unique('work_items_key').on(t.jobId, t.step, t.key),
    index('work_items_open')
      .on(t.jobId, t.step, t.priority)
      .where(sql`${t.status} = 'pending'`),
    check('work_items_status', sql`${t.status} in ('pending','done','gone','kept')`),
  ],
);

/** Counters of a job's item steps after the one it is measured by, as `jobs.items_*` are for that one. */
export const furtherItems = pgTable(
  'further_items',
  {
    jobId: integer('job_id').notNull(),
    step: text('step').notNull(),
    total: integer('total').notNull().default(0),
    kept: integer('kept').notNull().default(0),
    done: integer('done').notNull().default(0),
    failed: integer('failed').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.step] }),
    foreignKey({ name: 'further_items_job', columns: [t.jobId], foreignColumns: [jobs.id] }),
  ],
);

/** A host that asked to be left in peace (429 or 503 with Retry-After): no worker asks it before `until`. */
export const hostPauses = pgTable('host_pauses', {
  /** Host, and port unless it is the usual one. */
  host: text('host').primaryKey(),
  until: moment('until').notNull(),
});
