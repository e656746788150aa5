/** The table of mutes: whose failures nobody wants to be told of for now. */
import { check, foreignKey, index, integer, jsonb, pgTable, sql, text, uniqueIndex } from './drizzle.ts';
import { moment, runs, type Actor } from './schema.ts';

/**
 * Somebody muted a platform: it is scraped as before, but what breaks is told quietly. Rows stay when they have ended,
 * so that an old thread reads as it was told.
 */
export const mutes = pgTable(
  'mutes',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    platform: text('platform').notNull(),
    /** Who, and on which surface. */
    mutedBy: jsonb('muted_by').$type<Actor>().notNull(),
    since: moment('since').notNull().defaultNow(),
    /** When it ends if nothing ended it before; null: only by a success or by somebody. */
    until: moment('until'),
    endedAt: moment('ended_at'),
    /** The run whose success ended it; null when somebody did. */
    endedRun: integer('ended_run'),
  },
  (t) => [
    foreignKey({ name: 'mutes_ended_run', columns: [t.endedRun], foreignColumns: [runs.id] }),
    uniqueIndex('mutes_one_open')
      .on(t.platform)
      .where(sql`${t.endedAt} is null`),
    index('mutes_by_ended_run').on(t.endedRun),
    index('mutes_by_platform').on(t.platform, t.id),
    check('mutes_until', sql`${t.until} is null or ${t.until} > ${t.since}`),
    check('mutes_ended', sql`${t.endedRun} is null or ${t.endedAt} is not null`),
  ],
);
