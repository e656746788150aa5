/** What a bot and a worker both stand on: the database, brought up to date, its clock watched, and the queue in it. */
import { openDatabase, type Database } from '#db/client.ts';
import type { Located } from '#db/locate.ts';
import { migrate } from '#db/migrate.ts';
import { watchClock, type WatchedClock } from './clock.ts';
import type { Log } from './log.ts';
import { startQueue, type Queue } from './queue.ts';

/** Open until it is disposed of. */
export interface Ground extends AsyncDisposable {
  database: Database;
  clock: WatchedClock;
  queue: Queue;
}

/**
 * Opens it for a bot or a worker, as which it is seen in the database, on a server that may be still starting; it is released
 * at the end. What was opened is closed when a later part fails.
 */
export async function openGround(starting: Promise<Located>, as: 'bot' | 'worker', log: Log): Promise<Ground> {
  await using started = new AsyncDisposableStack();
  const located = await starting;
  started.defer(() => located.release());
  await migrate(located.url, { log });
  const database = started.use(openDatabase(located.url, { log, applicationName: `rescrape ${as}` }));
  const clock = started.use(watchClock({ database, log }));
  const queue = await startQueue(located.url, log);
  started.defer(() => queue.stop());
  const all = started.move();
  return { database, clock, queue, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
