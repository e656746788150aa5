/** A clock that stands still until somebody sleeps, and then is at once where the sleeper wanted to be. */
import type { Clock } from '#scraper/clock.ts';

export interface HandClock extends Clock {
  time: number;
  /** Every sleep asked for, milliseconds. */
  slept: number[];
}

export function handClock(time = Date.UTC(2026, 10, 23, 12)): HandClock {
  const clock: HandClock = {
    time,
    slept: [],
    now: () => clock.time,
    async sleep(ms, signal) {
      const wakeAt = clock.time + ms;
      clock.slept.push(ms);
      await Promise.resolve();
      signal.throwIfAborted();
      clock.time = Math.max(clock.time, wakeAt);
    },
  };
  return clock;
}
