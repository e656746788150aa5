/** Brings the threads of one channel in line with what should be said there. Channels do not wait for one another. */
import { readChain } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import { isTransient } from '#db/errors.ts';
import { databaseNow } from '#db/jobs.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { DeliveryError, NO_RUN, type Surface } from '#bot/chat/surface.ts';
import { threadOf, toldIn } from '#bot/chat/thread.ts';
import { createDeliveries } from './deliveries.ts';
import { errorFields, type Log } from './log.ts';
import { deliverNotices } from './notices.ts';
import { openTurns, usualWaits, type TurnWaits } from './turns.ts';

/** How often it is looked whether a surface that was down is back, milliseconds. */
const LOOK_MS = 200;

/** What a teller is made of. */
export interface TellerParts {
  database: Database;
  surface: Surface;
  channel: string;
  telling: (now: Date) => Telling;
  waits?: Partial<TurnWaits>;
  /** False when another process may speak by now, before this one even knows. */
  mayTell: () => boolean;
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
export function createTeller({ database, surface, channel, telling, waits, mayTell, log }: TellerParts): Teller {
  const { calmMs, ...turnWaits } = { ...usualWaits, ...waits };
  const turns = openTurns(turnWaits);
  const where = { surface: surface.name, channel };
  let health: Health = { kind: 'unknown' };
  let busy = false;
  let wake: (() => void) | null = null;
  const deliveries = createDeliveries({
    database,
    surface,
    channel,
    mayTell,
    log,
    onOutcome(error) {
      if (error === null) health = { kind: 'well' };
      else if (error.needsPerson) health = { kind: 'ill', why: error.message };
    },
  });

  async function tellUntil(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const turn = turns.take();
      if ('waitMs' in turn) {
        await pause(turn.waitMs, stop, true);
        continue;
      }
      const { rootId } = turn;
      busy = true;
      try {
        await tell(rootId);
        turns.told();
      } catch (error) {
        log.warn(
          { ...where, rootId, ...errorFields(error) },
          'a thread could not be brought up to date; it is tried again',
        );
        if (error instanceof DeliveryError && error.needsPerson) health = { kind: 'ill', why: error.message };
        if (error instanceof DeliveryError || isTransient(error)) {
          const waitMs = turns.refused(error instanceof DeliveryError ? error.retryAfterMs : 0);
          if (waitMs === 0) continue;
          await pauseUnlessBack(waitMs, stop);
        } else turns.failed();
      } finally {
        busy = false;
      }
      if (turns.isEmpty() || turns.isWaiting(rootId)) await pause(calmMs, stop);
    }
  }

  async function tell(rootId: number): Promise<void> {
    if (rootId === NO_RUN) return deliverNotices({ database, surface, channel, mayTell, log });
    const chain = await readChain(database.db, rootId);
    if (chain === null) return;
    const now = await databaseNow(database.db);
    const here = { surface: surface.name, home: channel === surface.home };
    const rest = await deliveries.bring(chain, toldIn(here, threadOf(chain, telling(now))), now);
    if (rest !== null) turns.again(rootId, rest);
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
      // It may have been told to stop while it was sending.
      if (stop.aborted) done();
    });
  }

  /** Waits so long, but no longer than the surface is down: whoever put it right sees at once that it is. */
  async function pauseUnlessBack(ms: number, stop: AbortSignal): Promise<void> {
    const back = new AbortController();
    let wasDown = surface.state().kind === 'down';
    const looks = setInterval(() => {
      const { kind } = surface.state();
      if (kind === 'up' && wasDown) back.abort();
      wasDown ||= kind === 'down';
    }, LOOK_MS);
    await pause(ms, AbortSignal.any([stop, back.signal]));
    clearInterval(looks);
  }

  function mark(rootId: number): void {
    turns.mark(rootId);
    wake?.();
  }

  return {
    surface,
    channel,
    health: () => health,
    mark,
    markNotices: () => mark(NO_RUN),
    isQuiet: () => turns.isEmpty() && !busy,
    run: tellUntil,
  };
}
