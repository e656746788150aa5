/**
 * When a new session may be asked for. Discord allows 1,000 a day; whoever asks more loses every session, and the
 * token. So however often connections break, sessions are asked for sparingly, across all Clients of this process.
 */
import { pause } from './pause.ts';

const HOUR_MS = 3_600_000;
/** So many within an hour are an ordinary bad hour; beyond, one per two minutes: at most about 730 a day. */
const FREE_PER_HOUR = 10;
const SCARCE_GAP_MS = 120_000;

/** Given to each Client; the library waits for it before each IDENTIFY. */
export interface IdentifyBudget {
  /** Rejects when `signal` is aborted, as the library expects. */
  waitForIdentify(shardId: number, signal: AbortSignal): Promise<void>;
}

/** Opens the budget. `gapMs` is the least time between two sessions (Discord: 5 seconds). */
export function createIdentifyBudget(gapMs: number): IdentifyBudget {
  let asked: number[] = [];
  return {
    async waitForIdentify(_shardId, signal) {
      const now = Date.now();
      asked = asked.filter((at) => now - at < HOUR_MS);
      const gap = asked.length < FREE_PER_HOUR ? gapMs : Math.max(gapMs, SCARCE_GAP_MS);
      await pause(Math.max(0, (asked.at(-1) ?? -Infinity) + gap - now), signal);
      signal.throwIfAborted();
      asked.push(Date.now());
    },
  };
}
