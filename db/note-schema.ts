/** The table of what people announce on the status page. */
import { check, index, integer, jsonb, pgTable, sql, text } from './drizzle.ts';
import { moment, type Actor } from './schema.ts';

/** A note stands on the page until `ends_at`; taking it away early brings its end forward. */
export const notes = pgTable(
  'notes',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    text: text('text').notNull(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    startsAt: moment('starts_at').notNull().defaultNow(),
    endsAt: moment('ends_at').notNull(),
  },
  (t) => [
    index('notes_by_end').on(t.endsAt),
    check('notes_text', sql`length(${t.text}) between 1 and 300`),
    check('notes_end', sql`${t.endsAt} >= ${t.startsAt}`),
  ],
);
