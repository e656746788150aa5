/** The table of common causes: what breaks several platforms in the same way, and so lies with none of them. */
import { check, foreignKey, index, integer, pgTable, sql, text, uniqueIndex } from './drizzle.ts';
import { moment, runs } from './schema.ts';

/** One cause from its first failure until one of its platforms gets on again. Rows stay, as their threads tell of them. */
export const commonCauses = pgTable(
  'common_causes',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** What the failures have in common; the scraper's word for it. */
    fingerprint: text('fingerprint').notNull(),
    /** Platforms that failed so, in the order in which they joined. */
    platforms: text('platforms').array().notNull(),
    /** When the first attempt failed of those that made it a common one. */
    since: moment('since').notNull(),
    openedAt: moment('opened_at').notNull().defaultNow(),
    openedRun: integer('opened_run').notNull(),
    closedAt: moment('closed_at'),
    /** The run in which one of them got on. */
    closedRun: integer('closed_run'),
  },
  (t) => [
    foreignKey({ name: 'common_causes_opened_run', columns: [t.openedRun], foreignColumns: [runs.id] }),
    foreignKey({ name: 'common_causes_closed_run', columns: [t.closedRun], foreignColumns: [runs.id] }),
    uniqueIndex('common_causes_one_open')
      .on(t.fingerprint)
      .where(sql`${t.closedAt} is null`),
    index('common_causes_by_opened_run').on(t.openedRun),
    index('common_causes_by_closed_run').on(t.closedRun),
    index('common_causes_by_end').on(t.closedAt),
    check('common_causes_closed', sql`(${t.closedAt} is null) = (${t.closedRun} is null)`),
    check('common_causes_common', sql`cardinality(${t.platforms}) >= 2`),
  ],
);
