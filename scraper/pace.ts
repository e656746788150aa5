/** How fast one host is asked, by everything in this process together. */
import { type Clock, systemClock } from './clock.ts';
import { ScrapeError } from './errors.ts';
import { clockUtc } from './retry-after.ts';

/** The part of a platform's pace that concerns requests. */
export interface RequestPace {
  /** Requests under way at once. */
  concurrency: number;
  /** Least time between the starts of two requests, milliseconds. */
  gapMs: number;
}

/** Lets requests to one host through, first come first served. */
export interface HostPace {
  /** Waits for a turn and does the work. A hold longer than `longestWaitMs` throws `rate_limited` at once instead. */
  run<T>(signal: AbortSignal, longestWaitMs: number, work: () => Promise<T>): Promise<T>;
  /** The host asked to be left in peace until then (epoch milliseconds): nothing starts before. */
  hold(until: number): void;
}

/** One {@link HostPace} per host. Asking again with another pace changes it for all. */
export interface Paces {
  forHost(host: string, pace: RequestPace, clock: Clock): HostPace;
  /** A host is to be left in peace until then (epoch milliseconds), whether it was asked from here already or not. */
  hold(host: string, until: number): void;
}

/** A set of paces of its own, for tests; everything else shares {@link sharedPaces}. */
export function createPaces(): Paces {
  const hosts = new Map<string, { settings: RequestPace; pace: HostPace }>();
  const heldUntil = new Map<string, number>();
  return {
    forHost(host, { concurrency, gapMs }, clock) {
      const known = hosts.get(host);
      if (known) {
        Object.assign(known.settings, { concurrency, gapMs });
        return known.pace;
      }
      const settings = { concurrency, gapMs };
      const pace = createHostPace(settings, clock);
      pace.hold(heldUntil.get(host) ?? 0);
      hosts.set(host, { settings, pace });
      return pace;
    },
    hold(host, until) {
      heldUntil.set(host, Math.max(heldUntil.get(host) ?? 0, until));
      hosts.get(host)?.pace.hold(until);
    },
  };
}

/** The paces of this process: two runs at the same site slow each other down, and a hold outlives the run that met it. */
export const sharedPaces = createPaces();

/** A host is left in peace for so long (milliseconds) by everything in this process: what another process was told. */
export function holdHost(host: string, waitMs: number): void {
  sharedPaces.hold(host, systemClock.now() + waitMs);
}

function createHostPace(settings: RequestPace, clock: Clock): HostPace {
  /** Those behind the first in line; only the first waits for a slot and looks at the clock, so that nobody is overtaken. */
  const line: (() => void)[] = [];
  const forSlot: (() => void)[] = [];
  let someoneIsFirst = false;
  let underWay = 0;
  let nextStart = 0;
  let heldUntil = 0;

  async function comeFirst(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (someoneIsFirst) await waitIn(line, signal);
    someoneIsFirst = true;
  }

  function letNextCome(): void {
    const next = line.shift();
    if (next) next();
    else someoneIsFirst = false;
  }

  async function waitForTurn(signal: AbortSignal, longestWaitMs: number): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = clock.now();
      // A clock that was set back must not stretch one gap into hours.
      if (nextStart - now > settings.gapMs) nextStart = now + settings.gapMs;
      if (heldUntil - now > longestWaitMs) {
        const detail = `not sent: the site asked us to wait until ${clockUtc(heldUntil)}`;
        throw new ScrapeError('rate_limited', detail, { until: new Date(heldUntil) });
      }
      const start = Math.max(nextStart, heldUntil);
      if (start <= now) {
        nextStart = now + settings.gapMs;
        return;
      }
      await clock.sleep(start - now, signal);
    }
  }

  return {
    async run(signal, longestWaitMs, work) {
      await comeFirst(signal);
      try {
        while (underWay >= settings.concurrency) await waitIn(forSlot, signal);
        await waitForTurn(signal, longestWaitMs);
        underWay += 1;
      } finally {
        letNextCome();
      }
      try {
        return await work();
      } finally {
        underWay -= 1;
        forSlot.shift()?.();
      }
    },
    hold(until) {
      heldUntil = Math.max(heldUntil, until);
    },
  };
}

/** Waits until it is called out of the queue; who is aborted leaves it. */
function waitIn(queue: (() => void)[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const enter = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      queue.splice(queue.indexOf(enter), 1);
      reject(signal.reason as Error);
    };
    queue.push(enter);
    signal.addEventListener('abort', leave, { once: true });
  });
}
