/** Time as the engine sees it, so that tests can move it by hand. */
import { setTimeout as delay } from 'node:timers/promises';

/** Wall-clock milliseconds and a sleep that an abort signal ends with its own reason. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** How far this machine's clock is ahead of the one that all machines go by, milliseconds. */
let aheadMs = 0;

/** Says so: waits that sites ask for are kept by several machines, and have to mean the same moment on each. */
export function correctClock(ahead: number): void {
  aheadMs = ahead;
}

/** The machine's own clock, as far as it is right. */
export const systemClock: Clock = {
  now: () => Date.now() - aheadMs,
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { signal });
    } catch {
      signal.throwIfAborted();
    }
  },
};
