/**
 * Wakes whoever looks for due slots: at every minute, by node-cron, and every few seconds besides. Ticks follow this
 * machine's clock: one that the event loop is blocked over is dropped, and when the clock is set back none comes until it
 * is where it was. What wakes decides nothing, so more of it does no harm.
 */
import { createRequire } from 'node:module';
import type * as nodeCron from 'node-cron';

// Its ES modules bring a daemon that is not wanted here; the CommonJS entry is the same program.
const { schedule: everyTick } = createRequire(import.meta.url)('node-cron') as typeof nodeCron;

const MINUTE = '* * * * *';
/** A slot starts at most this much late, milliseconds. */
const SWEEP_MS = 5_000;
/** A clock that moved this much against the time that passed was set, milliseconds. */
const STEP_MS = 2_000;

/** Calls `look` until it is stopped: once at once, one at a time, and once more after whatever woke meanwhile. */
export function startTicks(look: () => Promise<void>): { stop(): Promise<void> } {
  let looking: Promise<void> | null = null;
  let again = false;

  function wake(): void {
    again = true;
    looking ??= lookOn();
  }

  async function lookOn(): Promise<void> {
    while (again) {
      again = false;
      await look();
    }
    looking = null;
  }

  const minutes = () => everyTick(MINUTE, wake, { suppressMissedWarning: true });
  let task = minutes();
  let ahead = clockAhead();
  const sweeps = setInterval(() => {
    wake();
    const now = clockAhead();
    if (Math.abs(now - ahead) > STEP_MS) {
      // After a clock was set far ahead it would count, one by one and without a pause, every minute that never was.
      void task.destroy();
      task = minutes();
    }
    ahead = now;
  }, SWEEP_MS);
  wake();

  return {
    async stop() {
      clearInterval(sweeps);
      again = false;
      await task.destroy();
      await looking;
    },
  };
}

/** What this machine's clock shows beyond the time that passed: the same as long as nobody sets it. */
function clockAhead(): number {
  return Date.now() - performance.now();
}
