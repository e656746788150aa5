/** A database that is not there yet is waited for: a machine starts everything at once, and a server may be away for a while. */
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { isTransient } from '#db/errors.ts';
import { explainDatabaseError } from '#db/explain.ts';
import { errorFields, type Log } from './log.ts';
import { nap } from '#db/nap.ts';

/** The first wait, which doubles up to the longest, milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** What waiting is made of. */
export interface WaitParts {
  /** Null: the bundled one, which is started and not waited for. */
  databaseUrl: string | null;
  /** Called once, with why in words, when it has to be waited for; what it gives is disposed of when that is over. */
  onWait: (why: string) => Promise<AsyncDisposable>;
  log: Log;
}

/**
 * Resolves with true when the database answers, with false when the process is to stop before that. Rejects with what no
 * waiting helps against: a wrong password, a database that does not exist.
 */
export async function awaitDatabase(parts: WaitParts, stopRequested: Promise<void>): Promise<boolean> {
  const { databaseUrl, onWait, log } = parts;
  if (databaseUrl === null) return true;
  const stop = new AbortController();
  void stopRequested.catch(() => {}).then(() => stop.abort());
  await using waiting = new AsyncDisposableStack();
  for (let wait = FIRST_WAIT_MS, first = true; !stop.signal.aborted; first = false) {
    try {
      await ask(databaseUrl);
      return true;
    } catch (error) {
      if (!isTransient(error)) throw error;
      log.warn({ ...errorFields(error), waitMs: wait }, 'the database cannot be reached; it is tried again');
      if (first) waiting.use(await onWait(explainDatabaseError(error, databaseUrl)));
    }
    await nap(wait, stop.signal);
    wait = Math.min(2 * wait, LONGEST_WAIT_MS);
  }
  return false;
}

async function ask(url: string): Promise<void> {
  await using database = openDatabase(url, { max: 1 });
  await database.db.execute(sql`select 1`);
}
