/** Brings the threads of one channel in line with what should be said there. Channels do not wait for one another. */
import { readChain } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { DeliveryError, NO_RUN, type Surface } from '#bot/chat/surface.ts';
import { threadOf, toldIn } from '#bot/chat/thread.ts';
import { createDeliveries } from './deliveries.ts';
import { errorFields, type Log } from './log.ts';
import { deliverNotices } from './notices.ts';

/** Progress of a chain is told at most this often, milliseconds. */
const CALM_MS = 300;
/** What failed is tried again after this long, doubling up to the longest, milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** What a teller is made of. */
export interface TellerParts {
  database: Database;
  surface: Surface;
  channel: string;
  telling: (now: Date) => Telling;
  log: Log;
}

/** How delivering into a channel goes: not tried yet, well, or with trouble that somebody has to end. */
export type Health = { kind: 'unknown' } | { kind: 'well' } | { kind: 'ill'; why: string };

/** One channel's teller. */
export interface Teller {
  readonly surface: Surface;
  readonly channel: string;
  health(): Health;
  /** Something about this chain may have changed. */
  mark(rootId: number): void;
  /** There may be something to say that belongs to no run. */
  markNotices(): void;
  /** True when nothing is left to be told. */
  isQuiet(): boolean;
  /** Tells until `stop` is aborted; what is being sent then is finished. */
  run(stop: AbortSignal): Promise<void>;
}

/** Makes a teller: chains are told one after the other, so that a reply never stands before its card. */
export function createTeller({ database, surface, channel, telling, log }: TellerParts): Teller {
  /** Chains to be looked at, and when. */
  const due = new Map<number, number>();
  /** Chains that failed by themselves are left alone for a while, so that they hold up no other. */
  const failures = new Map<number, { count: number; until: number }>();
  const where = { surface: surface.name, channel };
  let health: Health = { kind: 'unknown' };
  let busy = false;
  let wake: (() => void) | null = null;
  const deliveries = createDeliveries({
    database,
    surface,
    channel,
    log,
    onOutcome(error) {
      if (error === null) health = { kind: 'well' };
      else if (error.needsPerson) health = { kind: 'ill', why: error.message };
    },
  });

  async function tellUntil(stop: AbortSignal): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!stop.aborted) {
      const next = soonest();
      const early = next === null ? null : next.at - performance.now();
      if (next === null || (early ?? 0) > 0) {
        await pause(early, stop, true);
        continue;
      }
      const { rootId } = next;
      due.delete(rootId);
      busy = true;
      try {
        await tell(rootId);
        wait = FIRST_WAIT_MS;
        failures.delete(rootId);
      } catch (error) {
        log.warn(
          { ...where, rootId, ...errorFields(error) },
          'a thread could not be brought up to date; it is tried again',
        );
        if (error instanceof DeliveryError) {
          if (error.needsPerson) health = { kind: 'ill', why: error.message };
          again(rootId, 0);
          await pause(Math.max(wait, error.retryAfterMs), stop);
          wait = Math.min(LONGEST_WAIT_MS, wait * 2);
        } else again(rootId, failed(rootId));
      } finally {
        busy = false;
      }
      if (due.size === 0 || due.has(rootId)) await pause(CALM_MS, stop);
    }
  }

  async function tell(rootId: number): Promise<void> {
    if (rootId === NO_RUN) return deliverNotices({ database, surface, channel, log });
    const chain = await readChain(database.db, rootId);
    if (chain === null) return;
    const now = await databaseNow(database.db);
    const here = { surface: surface.name, home: channel === surface.home };
    const rest = await deliveries.bring(chain, toldIn(here, threadOf(chain, telling(now))), now);
    if (rest !== null) again(rootId, rest);
  }

  function soonest(): { rootId: number; at: number } | null {
    let first: { rootId: number; at: number } | null = null;
    for (const [rootId, at] of due) if (first === null || at < first.at) first = { rootId, at };
    return first;
  }

  function again(rootId: number, afterMs: number): void {
    due.set(rootId, Math.min(due.get(rootId) ?? Infinity, performance.now() + afterMs));
  }

  /** How long a chain that failed is left alone. */
  function failed(rootId: number): number {
    const count = (failures.get(rootId)?.count ?? 0) + 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(count - 1, 20));
    failures.set(rootId, { count, until: performance.now() + wait });
    return wait;
  }

  /** Waits so long, or without end when `ms` is null; `wakeable`: or until something is marked. */
  function pause(ms: number | null, stop: AbortSignal, wakeable = false): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop.removeEventListener('abort', done);
        if (wake === done) wake = null;
        resolve();
      };
      const timer = ms === null ? undefined : setTimeout(done, ms);
      if (wakeable) wake = done;
      stop.addEventListener('abort', done);
    });
  }

  function mark(rootId: number): void {
    again(rootId, Math.max(0, (failures.get(rootId)?.until ?? 0) - performance.now()));
    wake?.();
  }

  return {
    surface,
    channel,
    health: () => health,
    mark,
    markNotices: () => mark(NO_RUN),
    isQuiet: () => due.size === 0 && !busy,
    run: tellUntil,
  };
}
