/** The table of links: whether people can read what is told on a surface. */
import { check, pgTable, sql, text } from './drizzle.ts';
import { moment } from './schema.ts';

/**
 * How the connection to each surface stands, as the process that speaks sees it. A term begins when it goes down and ends
 * when it has been back for a while: what comes and goes is one term.
 */
export const surfaceLinks = pgTable(
  'surface_links',
  {
    surface: text('surface').primaryKey(),
    /** When the open term began; null while there is none. */
    downSince: moment('down_since'),
    /** Since when it is up; null while it is down. */
    upSince: moment('up_since'),
    /** When it was last looked at: what nobody looks at is not known to be down. */
    lookedAt: moment('looked_at').notNull(),
  },
  (t) => [check('surface_links_state', sql`${t.upSince} is not null or ${t.downSince} is not null`)],
);
