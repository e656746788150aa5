/** Time as the engine sees it, so that tests can move it by hand. */
import { setTimeout as delay } from 'node:timers/promises';

/** Wall-clock milliseconds and a sleep that an abort signal ends with its own reason. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { signal });
    } catch {
      signal.throwIfAborted();
    }
  },
};
