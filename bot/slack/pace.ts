/** Keeps calls in order and at a pace that Slack takes: a burst at once, the rest evenly; a 429 holds them all. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '#bot/chat/surface.ts';

/** One lane of calls. */
export interface Pace {
  /** Runs a call when it is its turn. Throws a {@link DeliveryError} `later` while the lane is held or closed. */
  run<T>(call: () => Promise<T>): Promise<T>;
  /** Slack asked to wait so long, milliseconds. */
  hold(ms: number): void;
  close(): void;
}

/** Opens a lane. `burst` calls may follow one another at once, then one every `everyMs`. */
export function openPace(burst: number, everyMs: number): Pace {
  const closed = new AbortController();
  let free = burst;
  let counted = performance.now();
  let heldUntil = 0;
  let lane: Promise<unknown> = Promise.resolve();

  async function turn(): Promise<void> {
    refuse();
    const now = performance.now();
    free = Math.min(burst, free + (now - counted) / everyMs);
    counted = now;
    free -= 1;
    if (free < 0) await sleep(-free * everyMs, undefined, { signal: closed.signal }).catch(() => {});
    refuse();
  }

  function refuse(): void {
    if (closed.signal.aborted) throw new DeliveryError('later', 'The bot is shutting down.');
    const wait = heldUntil - performance.now();
    if (wait > 0) throw new DeliveryError('later', 'Slack asked to slow down.', Math.ceil(wait));
  }

  return {
    run(call) {
      const result = lane.then(turn).then(call);
      lane = result.catch(() => {});
      return result;
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, performance.now() + ms);
    },
    close: () => closed.abort(),
  };
}
