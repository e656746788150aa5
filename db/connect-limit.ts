/** How fast one process may connect: a server that is coming back is not run over by its clients. */
import { nap } from './nap.ts';

/** A number of connects at once, and then so many a second. */
export interface ConnectLimit {
  /** Waits for one's turn. Who gives up gives the turn back, or a crowd that gives up would keep everybody out for good. */
  turn(givenUp: AbortSignal): Promise<void>;
  /** Whether the next turn comes at once. */
  isFree(): boolean;
}

/** `burst` turns at once, when rested; `perSecond` come back. */
export function connectLimit(burst: number, perSecond = 2): ConnectLimit {
  let turns = burst;
  let updated = performance.now();
  function rest(): void {
    const now = performance.now();
    turns = Math.min(burst, turns + ((now - updated) / 1000) * perSecond);
    updated = now;
  }
  return {
    async turn(givenUp) {
      rest();
      turns -= 1;
      if (turns < 0) await nap((-turns / perSecond) * 1000, givenUp);
      if (givenUp.aborted) turns += 1;
    },
    isFree() {
      rest();
      return turns >= 1;
    },
  };
}
