/** The tables of what was asked and what was said. */
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  sql,
  text,
  uniqueIndex,
  uuid,
} from './drizzle.ts';
import { moment, runs, type Actor } from './schema.ts';

/** Everything somebody asked for, accepted or refused, under the surface's own id: asking twice changes nothing twice. */
export const actions = pgTable(
  'actions',
  {
    surface: text('surface').notNull(),
    id: text('id').notNull(),
    actor: jsonb('actor').$type<Actor>().notNull(),
    name: text('name').notNull(),
    args: jsonb('args').$type<Record<string, unknown>>().notNull(),
    /** `started` (a run, which is named), `done` (the run it changed may be named), or `refused:<reason>`. */
    outcome: text('outcome').notNull(),
    /** What was answered, as data, so that a redelivered request gets the same answer. */
    answer: jsonb('answer').$type<unknown>().notNull(),
    runId: integer('run_id'),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.surface, t.id] }),
    foreignKey({ name: 'actions_run', columns: [t.runId], foreignColumns: [runs.id] }),
    index('actions_by_run')
      .on(t.runId)
      .where(sql`${t.runId} is not null`),
    check(
      'actions_outcome',
      sql`case when ${t.outcome} = 'started' then ${t.runId} is not null
               when ${t.outcome} like 'refused:%' then ${t.runId} is null else true end`,
    ),
  ],
);

/** What was delivered where: the narrator compares this with what should exist and posts or edits the difference. */
export const posts = pgTable(
  'posts',
  {
    surface: text('surface').notNull(),
    /** The channel it stands in, as the surface names it: a run may be told in several. */
    channel: text('channel').notNull(),
    runId: integer('run_id').notNull(),
    slot: text('slot').notNull(),
    /** The surface's own reference to the message; null until it is known. */
    ref: jsonb('ref').$type<Record<string, unknown>>(),
    /** Hash of the message last delivered; null while that is not known. */
    contentHash: text('content_hash'),
    state: text('state').notNull(),
    /** Whether it was shown to the whole channel, not in its thread only: once per run, even when it is made anew. */
    announced: boolean('announced').notNull().default(false),
    /** How often it was found deleted and made anew. */
    lost: integer('lost').notNull().default(0),
    /** Why this surface will never take it, for people. */
    deadReason: text('dead_reason'),
    tries: integer('tries').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
    postedAt: moment('posted_at'),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.surface, t.channel, t.runId, t.slot] }),
    foreignKey({ name: 'posts_run', columns: [t.runId], foreignColumns: [runs.id] }),
    index('posts_by_run').on(t.runId),
    check('posts_state', sql`${t.state} in ('sending','posted','gone','dead')`),
    check('posts_posted', sql`${t.state} <> 'posted' or ${t.ref} is not null`),
    check('posts_dead', sql`(${t.state} = 'dead') = (${t.deadReason} is not null)`),
  ],
);

/** What is said once in a channel and belongs to no run. Whoever writes the row has said it; the channel's teller delivers it. */
export const notices = pgTable(
  'notices',
  {
    surface: text('surface').notNull(),
    channel: text('channel').notNull(),
    /** Lasting: writing the same one again changes nothing. */
    name: text('name').notNull(),
    message: jsonb('message').$type<unknown>().notNull(),
    /** `waiting` was never sent; `sending` may have arrived. */
    state: text('state').notNull().default('waiting'),
    ref: jsonb('ref').$type<Record<string, unknown>>(),
    deadReason: text('dead_reason'),
    at: moment('at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.surface, t.channel, t.name] }),
    check('notices_state', sql`${t.state} in ('waiting','sending','posted','dead')`),
    check('notices_posted', sql`(${t.state} = 'posted') = (${t.ref} is not null)`),
    check('notices_dead', sql`(${t.state} = 'dead') = (${t.deadReason} is not null)`),
  ],
);

/** Times when a surface, or one channel of it, was out of reach until somebody put something right. */
export const outages = pgTable(
  'outages',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** The surface's name, or `surface/channel`. */
    subject: text('subject').notNull(),
    why: text('why').notNull(),
    beganAt: moment('began_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('outages_one_open')
      .on(t.subject)
      .where(sql`${t.endedAt} is null`),
  ],
);

/** One row: what tells this database's messages from another's in the same channel. */
export const houses = pgTable('houses', {
  only: boolean('only').primaryKey().default(true),
  id: uuid('id').notNull().defaultRandom(),
});
