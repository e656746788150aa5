/** The tables of what was scraped. */
import { bigint, boolean, check, doublePrecision, foreignKey, index, pgTable, sql, text, unique } from './drizzle.ts';
import { moment } from './schema.ts';

/** A match at one book. Identity: platform, country, the book's own id. */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    platform: text('platform').notNull(),
    country: text('country').notNull(),
    sourceId: text('source_id').notNull(),
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
    /** When something of this row last changed; an unchanged answer does not touch it. */
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('events_identity').on(t.platform, t.country, t.sourceId),
    index('events_by_sportradar').on(t.sportradarId),
    index('events_by_kickoff').on(t.kickoff),
  ],
);

/** The prices offered now. A price that is no longer offered has no row; a line of null and a line of 0 differ. */
export const odds = pgTable(
  'odds',
  {
    eventId: bigint('event_id', { mode: 'number' }).notNull(),
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
    foreignKey({ name: 'odds_event', columns: [t.eventId], foreignColumns: [events.id] }).onDelete('cascade'),
    unique('odds_identity').on(t.eventId, t.market, t.period, t.line, t.outcome).nullsNotDistinct(),
    check('odds_price', sql`${t.price} > 1 and ${t.price} < 'Infinity'`),
  ],
);
