/** The table of locks: who alone may do a thing, and until when. */
import { integer, pgTable, text } from './drizzle.ts';
import { moment } from './schema.ts';

/** A lock, held until its end unless it is renewed. Each holder has a term of its own: what an older one says counts no more. */
export const locks = pgTable('locks', {
  name: text('name').primaryKey(),
  term: integer('term').notNull(),
  /** How the holder calls itself, for people. */
  holder: text('holder').notNull(),
  expiresAt: moment('expires_at').notNull(),
});
