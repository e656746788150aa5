/** Brings a database to the schema of this version. Any number of processes may do it at once: each migration runs once. */
import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from './client.ts';
import { applyMigrations, drizzle } from './drizzle.ts';
import { drizzleClient } from './drizzle-client.ts';
import { databaseFault } from './errors.ts';
import type { Link, TypeMaps } from './link.ts';
import type { DatabaseLog } from './log.ts';
import { lonePool } from './pool.ts';
import { ensureReader } from './reader-role.ts';

const ownMigrations = fileURLToPath(new URL('migrations', import.meta.url));
const oldestServer = 15;
const quickMs = 10_000;

/** Where the migrations are and how long (ms) to wait: for another process that migrates, and for one migration. */
export interface MigrateOptions {
  folder?: string;
  waitMs?: number;
  statementMs?: number;
  log?: Pick<DatabaseLog, 'warn'>;
}

/**
 * Runs what is missing of db/migrations and renews what the read-only role may see. It takes a session lock, for drizzle
 * takes none: without it, processes that start together run a migration several times.
 */
export async function migrate(target: string | Database, options: MigrateOptions = {}): Promise<void> {
  const { folder = ownMigrations, waitMs = 60_000, statementMs = 5 * 60_000, log } = options;
  await using own = typeof target === 'string' ? openDatabase(target, { applicationName: 'rescrape migrate' }) : null;
  const database = own ?? (target as Database);
  const link = database.connect();
  try {
    await refuseOldServer(link);
    await takeMigrationLock(link, waitMs);
    const types: TypeMaps = { parsers: {}, serializers: {} };
    const limits = { queryMs: statementMs, transactionMs: statementMs };
    await applyMigrations(drizzle(drizzleClient(lonePool(link), types, limits)), { migrationsFolder: folder });
    await ensureReader(link, log);
  } finally {
    await link.end();
  }
}

async function refuseOldServer(link: Link): Promise<void> {
  const text = `select current_setting('server_version_num')::int / 10000 as major`;
  const [row] = await link.run({ text, deadlineMs: quickMs });
  const { major } = row as { major: number };
  if (major >= oldestServer) return;
  throw new Error(
    `DATABASE_URL leads to PostgreSQL ${major}, but Rescrape needs ${oldestServer} or newer. ` +
      'Upgrade that server, or unset DATABASE_URL to use the bundled one.',
  );
}

async function takeMigrationLock(link: Link, waitMs: number): Promise<void> {
  const text = `select set_config('statement_timeout', '0', false), set_config('lock_timeout', $1, false)`;
  await link.run({ text, params: [String(waitMs)], deadlineMs: quickMs });
  try {
    const lock = `select pg_advisory_lock(hashtextextended('rescrape migrations', 0))`;
    await link.run({ text: lock, deadlineMs: waitMs + quickMs });
  } catch (error) {
    if (databaseFault(error)?.code !== '55P03') throw error;
    throw new Error(
      `Another process has been migrating this database for more than ${Math.round(waitMs / 1000)} s. ` +
        'Nothing was changed by this one. See whether the other still works (pg_stat_activity), then start again.',
    );
  }
  await link.run({ text: `set lock_timeout = 0`, deadlineMs: quickMs });
}
