/** The table of results that somebody took as they are. */
import { check, foreignKey, index, integer, jsonb, pgTable, sql, text } from './drizzle.ts';
import { jobs, moment, type Actor } from './schema.ts';

/**
 * A doubtful job (`empty`, `dropped`) that a person vouched for. The job's own row stays as it ended; from here on it
 * counts as complete in its chain, and its counts as good ones in the platform's history. Never changed, never deleted.
 */
export const acceptances = pgTable(
  'acceptances',
  {
    /** One person's word is enough, and a second one changes nothing. */
    jobId: integer('job_id').primaryKey(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    why: text('why').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'acceptances_job', columns: [t.jobId], foreignColumns: [jobs.id] }),
    index('acceptances_by_time').on(t.at),
    check('acceptances_why', sql`length(${t.why}) between 1 and 500`),
  ],
);
