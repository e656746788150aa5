/** The way to the database: queries with a deadline, notifications that come back after an outage, locks that tell when lost. */
import { openConnections } from './connections.ts';
import { drizzle, type PgDatabase, type PostgresJsQueryResultHKT, type TablesOf } from './drizzle.ts';
import { drizzleClient, type Limits } from './drizzle-client.ts';
import type { Link } from './link.ts';
import { listenOn, type Subscription } from './listen.ts';
import { takeLock, type Lock, type Taken } from './lock.ts';
import type { DatabaseLog } from './log.ts';

export type { Subscription } from './listen.ts';
export type { Lock, Taken } from './lock.ts';

type NoSchema = Record<string, never>;

/**
 * What queries are written against: the database, or a transaction on it. In raw `sql`, arrays and dates may be
 * parameters; what comes back is as the driver gives it: dates as text (`2026-11-23 14:00:00+00`), bigint and count(*) as text.
 */
export type Db = PgDatabase<PostgresJsQueryResultHKT, NoSchema, TablesOf<NoSchema>>;

/** How a process uses the database. Times are milliseconds. */
export interface DatabaseOptions {
  /** Most connections of the pool; listeners and locks have one more each. */
  max?: number;
  /** Most a statement may take, the waiting for a connection included. */
  queryTimeoutMs?: number;
  /** Most a transaction may take in total. */
  transactionTimeoutMs?: number;
  /** How the process calls itself in pg_stat_activity. */
  applicationName?: string;
  /** How often a listener and a lock ask whether their connection still lives. */
  checkEveryMs?: number;
  log?: Pick<DatabaseLog, 'warn'>;
}

/** An open database. Close it, or it keeps the process alive. */
export interface Database extends AsyncDisposable {
  readonly url: string;
  readonly db: Db;
  /**
   * Hears NOTIFY on a channel, on a connection of its own. `onReady` is called after every subscription, the first
   * included: what was said meanwhile is lost, so sweep then. Rejects only when the first subscription fails.
   */
  listen(channel: string, onPayload: (payload: string) => void, onReady?: () => void): Promise<Subscription>;
  /** Takes a lock by name for this database, or answers who has it; `holder` is how this process is called before others. */
  tryLock(name: string, holder: string): Promise<Lock | Taken>;
  /** A connection of one's own, outside the pool, for what belongs to a session. End it. */
  connect(): Link;
  /** Ends listeners and locks, waits for running statements (their deadlines bound it) and closes the pool. */
  close(): Promise<void>;
}

/** Opens a pool on a Postgres; nothing is connected before the first query. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { max = 8, queryTimeoutMs = 5000, transactionTimeoutMs = 10_000, checkEveryMs = 5000, log } = options;
  const limits: Limits = { queryMs: queryTimeoutMs, transactionMs: transactionTimeoutMs };
  const { applicationName = 'rescrape' } = options;
  const { open, pool, types } = openConnections(url, { max, queryTimeoutMs, applicationName });
  const db: Db = drizzle(drizzleClient(pool, types, limits));
  const held = new Set<AsyncDisposable>();
  const watch = { everyMs: checkEveryMs, deadlineMs: queryTimeoutMs };

  async function close(): Promise<void> {
    await Promise.all([...held].map((one) => one[Symbol.asyncDispose]()));
    await pool.close();
  }

  return {
    url,
    db,
    connect: () => open(),
    async listen(channel, onPayload, onReady = () => {}) {
      const subscription = await listenOn({ open, watch, channel, onPayload, onReady, log });
      held.add(subscription);
      subscription.closed.addEventListener('abort', () => held.delete(subscription), { once: true });
      return subscription;
    },
    async tryLock(name, holder) {
      const lock = await takeLock({ open, watch, name, holder });
      if ('by' in lock) return lock;
      held.add(lock);
      lock.lost.addEventListener('abort', () => held.delete(lock), { once: true });
      return lock;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
