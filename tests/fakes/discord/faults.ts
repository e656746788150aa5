/** What the fake Discord can be told to do wrong. */

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
  /**
   * Whoever calls while Discord wants to be left alone: how long it still is, seconds, and whether every process that
   * uses the token has been told by now; null when nobody was asked to wait.
   */
  waiting(call: string): { seconds: number; known: boolean; global: boolean } | null;
  /** How many processes use the token: one that was not told itself cannot know, and is told once. */
  processes: number;
  /** How many calls are still to be met by a fault. */
  left(): number;
  /** Nothing goes wrong any more. */
  heal(): void;
}

export function createFaults(): Faults {
  let armed: Armed[] = [];
  const held = new Map<string, { until: number; told: number }>();
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
    hold: (call, seconds) => void held.set(call, { until: Date.now() + 1_000 * (Number(seconds) || 0), told: 1 }),
    waiting(call) {
      const everywhere = call.includes(' /interactions/') ? undefined : held.get('');
      const [found] = [held.get(call), everywhere].filter((one) => one !== undefined && one.until > Date.now());
      if (found === undefined) return null;
      found.told += 1;
      const known = found.told > this.processes;
      return { seconds: (found.until - Date.now()) / 1_000, known, global: found === everywhere };
    },
    left: () => armed.flatMap((one) => Array.from({ length: one.times })).length,
    heal() {
      armed = [];
      held.clear();
    },
  };
}
