/** The table of answers that are kept for a while. */
import { bigint, check, customType, foreignKey, index, integer, pgTable, sql, text, unique } from './drizzle.ts';
import { jobs, moment } from './schema.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * What a site really answered where something broke or is missing, the newest per item: for whoever repairs the scraper,
 * and to be read again by a better one. Redacted, gzipped, deleted after a time.
 */
export const keptAnswers = pgTable(
  'kept_answers',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    jobId: integer('job_id').notNull(),
    platform: text('platform').notNull(),
    step: text('step').notNull(),
    /** Empty for the step itself. */
    itemKey: text('item_key').notNull(),
    /** What it failed as, or `incomplete`. */
    why: text('why').notNull(),
    url: text('url').notNull(),
    body: bytes('body').notNull(),
    /** Size of the text before compression. */
    bytes: integer('bytes').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    foreignKey({ name: 'kept_answers_job', columns: [t.jobId], foreignColumns: [jobs.id] }).onDelete('cascade'),
    unique('kept_answers_identity').on(t.platform, t.step, t.itemKey),
    index('kept_answers_by_job').on(t.jobId),
    index('kept_answers_by_age').on(t.platform, t.at),
    check('kept_answers_size', sql`octet_length(${t.body}) <= 2500000`),
  ],
);
