/** The tables of what was scraped. */
import { bigint, boolean, check, doublePrecision, foreignKey, index, pgTable, sql, text, unique } from './drizzle.ts';
import { moment } from './schema.ts';

/**
 * One real match, over all books. Its names, competition and kickoff are those of the book that showed it first; what
 * each book calls it stands in `book_events`. Different Sportradar ids are different matches, whatever else agrees.
 */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sport: text('sport').notNull(),
    home: text('home').notNull(),
    away: text('away').notNull(),
    competition: text('competition').notNull(),
    competitionCountry: text('competition_country'),
    kickoff: moment('kickoff').notNull(),
    sportradarId: text('sportradar_id'),
    firstSeenAt: moment('first_seen_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [unique('events_sportradar_id').on(t.sportradarId), index('events_by_kickoff').on(t.kickoff)],
);

/** A match as one book shows it: where each price comes from. Identity: platform, country, the book's own id. */
export const bookEvents = pgTable(
  'book_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    eventId: bigint('event_id', { mode: 'number' }).notNull(),
    platform: text('platform').notNull(),
    country: text('country').notNull(),
    sourceId: text('source_id').notNull(),
    /** Once known, an id stays: an answer that leaves it out does not take it away. */
    sportradarId: text('sportradar_id'),
    geniusId: text('genius_id'),
    home: text('home').notNull(),
    away: text('away').notNull(),
    sport: text('sport').notNull(),
    competitionId: text('competition_id'),
    competition: text('competition').notNull(),
    competitionCountry: text('competition_country'),
    kickoff: moment('kickoff').notNull(),
    live: boolean('live').notNull(),
    firstSeenAt: moment('first_seen_at').notNull().defaultNow(),
    /** Kept to the hour: to be exact, every answer would have to write a row although nothing changed. */
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
    /** When something else of this row last changed. */
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'book_events_event', columns: [t.eventId], foreignColumns: [events.id] }),
    unique('book_events_identity').on(t.platform, t.country, t.sourceId),
    index('book_events_by_event').on(t.eventId),
    index('book_events_by_sportradar').on(t.sportradarId),
    index('book_events_by_genius').on(t.geniusId),
  ],
);

/** The prices offered now. A price that is no longer offered has no row; a line of null and a line of 0 differ. */
export const odds = pgTable(
  'odds',
  {
    bookEventId: bigint('book_event_id', { mode: 'number' }).notNull(),
    market: text('market').notNull(),
    period: text('period').notNull(),
    line: doublePrecision('line'),
    outcome: text('outcome').notNull(),
    price: doublePrecision('price').notNull(),
    sourceMarketId: text('source_market_id').notNull(),
    sourceOutcomeId: text('source_outcome_id').notNull(),
    sourceUpdatedAt: moment('source_updated_at'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'odds_book_event', columns: [t.bookEventId], foreignColumns: [bookEvents.id] }).onDelete(
      'cascade',
    ),
    unique('odds_identity').on(t.bookEventId, t.market, t.period, t.line, t.outcome).nullsNotDistinct(),
    check('odds_price', sql`${t.price} > 1 and ${t.price} < 'Infinity'`),
  ],
);

/**
 * Which prices stand in `odds` for a book's event, as one hash, so that an answer that brings the same need not be compared
 * with each of them. Whatever touches a row of `odds` deletes the event's hash (triggers); storing alone writes it anew.
 */
export const oddsDigests = pgTable(
  'odds_digests',
  {
    bookEventId: bigint('book_event_id', { mode: 'number' }).primaryKey(),
    /** SHA-256, as `digestOf` in odds-digest.ts makes it. */
    digest: text('digest').notNull(),
  },
  (t) => [
    foreignKey({
      name: 'odds_digests_book_event',
      columns: [t.bookEventId],
      foreignColumns: [bookEvents.id],
    }).onDelete('cascade'),
  ],
);

/**
 * How prices moved, in the order they did. The prices of a book's first answer about a match are no change: they began
 * at its `first_seen_at`. `old_price` null: offered anew or again; `new_price` null: no longer offered.
 */
export const oddsChanges = pgTable(
  'odds_changes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    bookEventId: bigint('book_event_id', { mode: 'number' }).notNull(),
    market: text('market').notNull(),
    period: text('period').notNull(),
    line: doublePrecision('line'),
    outcome: text('outcome').notNull(),
    oldPrice: doublePrecision('old_price'),
    newPrice: doublePrecision('new_price'),
    /** When the answer that showed it arrived. */
    at: moment('at').notNull(),
  },
  (t) => [
    foreignKey({ name: 'odds_changes_book_event', columns: [t.bookEventId], foreignColumns: [bookEvents.id] }).onDelete(
      'cascade',
    ),
    index('odds_changes_by_book_event').on(t.bookEventId, t.at),
    check('odds_changes_differ', sql`${t.oldPrice} is distinct from ${t.newPrice}`),
  ],
);

/** What two books say of one match and cannot both be right about. Said once; kept although it may be mended since. */
export const eventWarnings = pgTable(
  'event_warnings',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** `kickoff_hour_apart`: exactly 60 minutes, a time zone. `ids_disagree`: one Genius id, two Sportradar ids. */
    kind: text('kind').notNull(),
    bookEventId: bigint('book_event_id', { mode: 'number' }).notNull(),
    otherId: bigint('other_id', { mode: 'number' }).notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ name: 'event_warnings_one', columns: [t.bookEventId], foreignColumns: [bookEvents.id] }).onDelete(
      'cascade',
    ),
    foreignKey({ name: 'event_warnings_other', columns: [t.otherId], foreignColumns: [bookEvents.id] }).onDelete(
      'cascade',
    ),
    unique('event_warnings_once').on(t.kind, t.bookEventId, t.otherId),
    check('event_warnings_kind', sql`${t.kind} in ('kickoff_hour_apart','ids_disagree')`),
    check('event_warnings_order', sql`${t.bookEventId} < ${t.otherId}`),
  ],
);
