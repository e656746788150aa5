/** A few links, each lent to one statement or transaction at a time, so that a slow one delays nobody behind it. */
import type { ConnectLimit } from './connect-limit.ts';
import { DatabaseLost, DatabaseTimeout } from './errors.ts';
import type { Link } from './link.ts';

/** See the head of this file. */
export interface Pool {
  /** Lends a connected link; rejects with DatabaseTimeout when none comes free in time. Give it back with `release`. */
  acquire(deadlineMs: number): Promise<Link>;
  release(link: Link): void;
  /** Something did not answer: idle links are closed now, lent ones when they come back. Fresh ones are made when asked for. */
  distrustAll(): void;
  /** Refuses new work, serves who waits already; resolves when the last lent link came back and all are closed. */
  close(): Promise<void>;
}

/** How many links there may be, how each is made, and what bounds the making. */
export interface PoolOptions {
  max: number;
  create: () => Link;
  limit: ConnectLimit;
  connectMs: number;
}

interface Waiter {
  give(link: Link): void;
  refuse(error: unknown): void;
}

const maxAgeMs = 30 * 60_000;
const maxIdleMs = 60_000;

/** Links are made when somebody waits for one; whichever is free first serves who came first. */
export function createPool({ max, create, limit, connectMs }: PoolOptions): Pool {
  const idle: { link: Link; since: number }[] = [];
  const live = new Map<Link, { since: number; trusted: boolean }>();
  const opening = new Set<Link>();
  const waiters: Waiter[] = [];
  const goodbyes = new Set<Promise<void>>();
  let closing: PromiseWithResolvers<void> | null = null;

  function openMore(): void {
    while (opening.size < waiters.length && opening.size + live.size < max) {
      // When connects are limited, one link waits for its turn; the next in the queue may be served by it.
      if (opening.size > 0 && !limit.isFree()) return;
      const link = create();
      opening.add(link);
      link.lost.addEventListener('abort', () => forget(link), { once: true });
      void link.open(connectMs).then(
        () => {
          if (!opening.delete(link)) return openMore();
          live.set(link, { since: performance.now(), trusted: true });
          release(link);
        },
        (error: unknown) => {
          link.destroy();
          if (live.size === 0) for (const waiter of waiters.splice(0)) waiter.refuse(error);
          openMore();
          finishClosing();
        },
      );
    }
  }

  function forget(link: Link): void {
    const wasLive = live.delete(link);
    opening.delete(link);
    const at = idle.findIndex((entry) => entry.link === link);
    if (at >= 0) idle.splice(at, 1);
    if (wasLive) openMore();
    finishClosing();
  }

  function finishClosing(): void {
    if (closing && waiters.length + live.size + opening.size === 0) closing.resolve();
  }

  function acquire(deadlineMs: number): Promise<Link> {
    if (closing) return Promise.reject(new DatabaseLost('The database was closed.'));
    const ready = idle.pop();
    if (ready) return Promise.resolve(ready.link);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        give(link) {
          clearTimeout(timer);
          resolve(link);
        },
        refuse(error) {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        waiters.splice(waiters.indexOf(waiter), 1);
        finishClosing();
        reject(new DatabaseTimeout(`No connection to the database came free within ${deadlineMs / 1000} s.`));
      }, deadlineMs);
      waiters.push(waiter);
      openMore();
    });
  }

  function release(link: Link): void {
    const record = live.get(link);
    if (!record) return;
    if (!record.trusted || performance.now() - record.since > maxAgeMs) return sayGoodbye(link);
    const waiter = waiters.shift();
    if (waiter) return waiter.give(link);
    if (closing) return sayGoodbye(link);
    const now = performance.now();
    for (const entry of idle.filter(({ since }) => now - since > maxIdleMs)) sayGoodbye(entry.link);
    idle.push({ link, since: now });
  }

  function sayGoodbye(link: Link): void {
    const goodbye = link.end().finally(() => goodbyes.delete(goodbye));
    goodbyes.add(goodbye);
  }

  function distrustAll(): void {
    for (const record of live.values()) record.trusted = false;
    for (const { link } of [...idle]) link.destroy();
  }

  async function close(): Promise<void> {
    if (!closing) {
      closing = Promise.withResolvers();
      for (const { link } of [...idle]) sayGoodbye(link);
      if (waiters.length === 0) for (const link of [...opening]) link.destroy();
      finishClosing();
    }
    await closing.promise;
    await Promise.all(goodbyes);
  }

  return { acquire, release, distrustAll, close };
}

/** Lends a link to `work`, which hears how much of the time is left once it has it, milliseconds. */
export async function lend<T>(
  pool: Pool,
  limitMs: number,
  work: (link: Link, left: (limitMs: number) => number) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const link = await pool.acquire(limitMs);
  try {
    return await work(link, (ms) => Math.max(1, Math.round(began + ms - performance.now())));
  } catch (error) {
    // The links that lie idle lead to the same silent server.
    if (link.lost.reason instanceof DatabaseTimeout) pool.distrustAll();
    throw error;
  } finally {
    pool.release(link);
  }
}

/** A pool of the one link given: for work that has to stay in one session. Who opened the link ends it. */
export function lonePool(link: Link): Pool {
  return {
    acquire: () => Promise.resolve(link),
    release: () => {},
    distrustAll: () => {},
    close: () => Promise.resolve(),
  };
}
