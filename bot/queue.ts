/** The queue wakes workers; our tables decide what they do. Five verbs over pg-boss, which nothing else knows. */
import { fromDrizzle, PgBoss } from 'pg-boss';
import { sql } from '#db/drizzle.ts';
import type { Db } from '#db/client.ts';
import { nap } from '#db/nap.ts';
import type { Log } from './log.ts';

const QUEUE = 'scrape';
/** Ending wake-ups is tried again after this, doubling up to the longest, milliseconds. */
const AGAIN_MS = { first: 100, longest: 2_000 };

/** Durable wake-ups. An entry carries a job's id and nothing else: no text, no error, no result ever goes in. */
export interface Queue {
  /** Adds wake-ups within the caller's transaction: they exist if and only if that commits. `at`: not before then. */
  enqueue(tx: Db, jobIds: readonly number[], at?: Date): Promise<void>;
  /** Calls `wake` for every wake-up that comes due. `wake` must return at once. */
  work(wake: () => void): Promise<void>;
  /** Wake-ups that are waiting to be taken. */
  depth(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts the queue on its own pool. Its retries are off, because ours are in the tables; handlers never throw and
 * never return data, because the engine stores both. It also stores the error of a database that goes away while it ends
 * a wake-up itself, so we end them, as often as it takes.
 */
export async function startQueue(url: string, log: Log): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: url,
    schema: 'pgboss',
    max: 3,
    application_name: 'rescrape queue',
    connectionTimeoutMillis: 5_000,
    schedule: false,
    useListenNotify: true,
    registerInstance: false,
    monitorVacuum: false,
    reindex: false,
  });
  boss.on('error', () => log.warn('the queue had a database error; it goes on by itself'));
  await boss.start();
  await boss.createQueue(QUEUE, {
    policy: 'standard',
    retryLimit: 0,
    expireInSeconds: 60,
    deleteAfterSeconds: 3_600,
    retentionSeconds: 7 * 86_400,
    notify: true,
  });

  const stopping = new AbortController();
  async function end(ids: string[]): Promise<void> {
    for (let wait = AGAIN_MS.first; !stopping.signal.aborted; wait = Math.min(wait * 2, AGAIN_MS.longest)) {
      try {
        await boss.complete(QUEUE, ids);
        return;
      } catch {
        await nap(wait, stopping.signal);
      }
    }
  }

  return {
    async enqueue(tx, jobIds, at) {
      if (jobIds.length === 0) return;
      const wakeUps = jobIds.map((jobId) => ({ data: { jobId }, ...(at !== undefined && { startAfter: at }) }));
      await boss.insert(QUEUE, wakeUps, { db: fromDrizzle(tx, sql) });
    },
    async work(wake) {
      const polling = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2, batchSize: 20 };
      await boss.work(QUEUE, polling, async (taken) => {
        wake();
        await end(taken.map(({ id }) => id));
      });
    },
    async depth() {
      return (await boss.getQueue(QUEUE))?.queuedCount ?? 0;
    },
    async stop() {
      stopping.abort();
      await boss.stop({ graceful: true, timeout: 2_000, close: true });
    },
  };
}
