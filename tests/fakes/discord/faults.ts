/** What the fake Discord can be told to do wrong. */
import { createHolds, type TurnedAway } from '../holds.ts';

export type Fault =
  /** HTTP 429 with Retry-After, seconds or nonsense; `code` is Discord's own, 30046 for instance. */
  | { kind: 'rate'; seconds: number | string; code?: number; global?: boolean }
  /** Done as asked, with the note that the next call of this kind has to wait so long, seconds. */
  | { kind: 'spent'; seconds: number }
  /** Done as asked, and answered with HTTP 200 and something else. */
  | { kind: 'page'; type: string; text: string }
  /** An error of Discord's API. */
  | { kind: 'refuse'; status: number; code: number }
  /** A plain HTTP error, before anything is done or after everything is. */
  | { kind: 'status'; status: number; after: boolean }
  /** The connection is cut, before anything is done or after everything is. */
  | { kind: 'cut'; after: boolean }
  /** Nothing: those that come after it are for later calls. */
  | { kind: 'well' }
  /** No answer at all, before anything is done or after everything is. */
  | { kind: 'hang'; after?: boolean };

interface Armed {
  route: RegExp;
  fault: Fault;
  times: number;
}

/** Faults that wait for their call. */
export interface Faults {
  /** `route` is for instance `POST /channels/:id/messages`. */
  arm(route: string, fault: Fault, times?: number): void;
  take(call: string): Fault | null;
  /** Discord asked to leave a call alone for so long; `''` for every call of the bot. */
  hold(call: string, seconds: number | string): void;
  /** For a call that Discord asked to leave out for now; `''` is its place when every call has to wait. */
  turnAway(call: string): TurnedAway | null;
  /** How many processes use the token. */
  processes: number;
  /** How many calls are still to be met by a fault. */
  left(): number;
  /** Nothing goes wrong any more. */
  heal(): void;
}

export function createFaults(): Faults {
  let armed: Armed[] = [];
  const holds = createHolds();
  return {
    arm(route, fault, times = 1) {
      armed.push({ route: new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`), fault, times });
    },
    take(call) {
      const found = armed.find((one) => one.route.test(call));
      if (found === undefined) return null;
      found.times -= 1;
      if (found.times <= 0) armed = armed.filter((one) => one !== found);
      return found.fault;
    },
    processes: 1,
    hold: (call, seconds) => holds.hold(call, Number(seconds) || 0),
    turnAway(call) {
      return holds.turnAway(call.includes(' /interactions/') ? [call] : [call, ''], this.processes);
    },
    left: () => armed.flatMap((one) => Array.from({ length: one.times })).length,
    heal() {
      armed = [];
      holds.clear();
    },
  };
}
