/** Notices when nothing in this process went on for a while: an answer that kept it busy, a machine that has no time for it. */
import type { Log } from './log.ts';

/** How often it is looked at, milliseconds. */
const LOOK_MS = 250;
/** What is told of, and for how long, milliseconds. */
const TOLD_MS = 2_000;
const REMEMBERED_MS = 60_000;

/** What was noticed. */
export interface Standstill extends Disposable {
  /** The longest of the last minute, milliseconds; 0 when it is not worth a word. */
  longestMs(): number;
}

/** Begins to watch. */
export function watchStandstill(log: Pick<Log, 'warn'>): Standstill {
  let last = performance.now();
  let longest = { ms: 0, at: 0 };
  const isForgotten = (now: number) => now - longest.at > REMEMBERED_MS;

  const looks = setInterval(() => {
    const now = performance.now();
    const ms = now - last - LOOK_MS;
    last = now;
    if (ms < TOLD_MS) return;
    log.warn({ seconds: Math.round(ms / 100) / 10 }, 'this process stood still; answers were late, nothing else is');
    if (isForgotten(now) || ms > longest.ms) longest = { ms, at: now };
  }, LOOK_MS).unref();

  return {
    longestMs: () => (isForgotten(performance.now()) ? 0 : longest.ms),
    [Symbol.dispose]: () => clearInterval(looks),
  };
}
