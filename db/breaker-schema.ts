/** The table of breakers: platforms that failed again and again, and are left alone for a while. */
import { check, foreignKey, index, integer, pgTable, smallint, sql, text, uniqueIndex } from './drizzle.ts';
import { moment, runs } from './schema.ts';

/** A term in which a platform is left alone but for probes. Rows stay when it is over, as its threads tell of it. */
export const breakerTerms = pgTable(
  'breaker_terms',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    platform: text('platform').notNull(),
    /** How many of its jobs had failed in a row, and since when. */
    failures: integer('failures').notNull(),
    failingSince: moment('failing_since').notNull(),
    /** How the last of them failed. */
    failureKind: text('failure_kind').notNull(),
    openedAt: moment('opened_at').notNull().defaultNow(),
    openedRun: integer('opened_run').notNull(),
    /** Before this nobody tries it, unless a person does. */
    nextProbeAt: moment('next_probe_at').notNull(),
    /** Probes that have failed. */
    probes: smallint('probes').notNull().default(0),
    closedAt: moment('closed_at'),
    /** The run whose success closed it. */
    closedRun: integer('closed_run'),
  },
  (t) => [
    foreignKey({ name: 'breaker_terms_opened_run', columns: [t.openedRun], foreignColumns: [runs.id] }),
    foreignKey({ name: 'breaker_terms_closed_run', columns: [t.closedRun], foreignColumns: [runs.id] }),
    uniqueIndex('breaker_terms_one_open')
      .on(t.platform)
      .where(sql`${t.closedAt} is null`),
    index('breaker_terms_by_opened_run').on(t.openedRun),
    index('breaker_terms_by_closed_run').on(t.closedRun),
    index('breaker_terms_by_platform').on(t.platform, t.id),
    check('breaker_terms_closed', sql`(${t.closedAt} is null) = (${t.closedRun} is null)`),
    check('breaker_terms_failures', sql`${t.failures} >= 1 and ${t.probes} >= 0`),
  ],
);
