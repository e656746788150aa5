/**
 * Watches this machine's clock against the database's. Slots, leases and waits go by the database's; a machine that goes
 * wrong by more than half a minute is told of, and what it says and keeps of times is put right by the difference.
 */
import type { Database } from '#db/client.ts';
import { clockAhead } from '#db/clock.ts';
import { correctClock } from '#scraper/index.ts';
import { errorFields, type Log } from './log.ts';
import { nap } from '#db/nap.ts';

/** How often it is looked at, milliseconds. */
const LOOK_MS = 10_000;
/** What is told of, milliseconds. */
const TOLD_MS = 30_000;

/** A clock that is watched. */
export interface WatchedClock extends AsyncDisposable {
  /** The time, put right. */
  now(): Date;
  /** How far this machine's clock is ahead of the database's, milliseconds; 0 as long as that is not worth a word. */
  aheadMs(): number;
}

/** Whether a difference is more than answers that took long can make. */
export function isWrong({ aheadMs, withinMs }: { aheadMs: number; withinMs: number }): boolean {
  return Math.abs(aheadMs) - withinMs > TOLD_MS;
}

/** Begins to watch. Never throws: a database that does not answer changes nothing. */
export function watchClock({ database, log }: { database: Database; log: Log }): WatchedClock {
  const stopped = new AbortController();
  let ahead = 0;

  function note(measured: { aheadMs: number; withinMs: number }): void {
    const now = isWrong(measured) ? Math.round(measured.aheadMs) : 0;
    const seconds = Math.round(measured.aheadMs / 1_000);
    if (now !== 0 && Math.abs(now - ahead) > TOLD_MS) {
      log.warn(
        { aheadSeconds: seconds },
        'the clock of this machine is wrong by that of the database, which is gone by',
      );
    }
    if (now === 0 && ahead !== 0) log.info({ aheadSeconds: seconds }, 'the clock of this machine is right again');
    ahead = now;
    correctClock(ahead);
  }

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        note(await clockAhead(database.db));
      } catch (error) {
        log.debug(errorFields(error), 'the clock could not be compared; it is tried again');
      }
      await nap(LOOK_MS, stopped.signal);
    }
  }

  const watching = watch();
  return {
    now: () => new Date(Date.now() - ahead),
    aheadMs: () => ahead,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await watching;
    },
  };
}
