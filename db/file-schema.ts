/** The table of files that were put into threads. */
import { boolean, customType, foreignKey, index, integer, jsonb, pgTable, text } from './drizzle.ts';
import { moment, runs, type Actor } from './schema.ts';

const bytes = customType<{ data: string }>({ dataType: () => 'bytea' });

/**
 * A file that somebody asked for, as it was made: every surface gets the same bytes, however late it comes to deliver
 * them. The content is gzip, and is let go of after a week; what the thread says of the file stays.
 */
export const files = pgTable(
  'files',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** The run whose thread it stands in. */
    runId: integer('run_id').notNull(),
    name: text('name').notNull(),
    /** `missing`, or the kind of its records. */
    holds: text('holds').notNull(),
    platforms: text('platforms').array().notNull(),
    rows: integer('rows').notNull(),
    /** Whether it holds all rows there were; a file has a largest size. */
    whole: boolean('whole').notNull(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    content: bytes('content'),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'files_run', columns: [t.runId], foreignColumns: [runs.id] }),
    index('files_by_run').on(t.runId),
    index('files_by_time').on(t.at),
  ],
);
