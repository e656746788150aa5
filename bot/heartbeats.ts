/**
 * Shows that this worker lives, from a thread with a connection of its own: a main loop that is busy for a while loses no
 * job by it. One that hangs does, since the thread beats only as long as it hears of the loop.
 */
import { Worker } from 'node:worker_threads';
import { BEAT_MS, type Lease } from '#db/beat.ts';
import type { Log } from './log.ts';

/** A loop that was not heard of for this long hangs, milliseconds: nothing of ours takes nearly as long. */
const TRUST_MS = 60_000;
/** How often the thread hears of the loop, milliseconds. */
const WORD_MS = 1_000;
/** A thread that ended is followed by another after this, milliseconds. */
const AGAIN_MS = 1_000;

/** What the thread is started with. */
export interface Opening {
  databaseUrl: string;
  beatMs: number;
  trustMs: number;
}

/** What the thread is told: these are held now, and a beat is due, or only that the loop lives. */
export type Word = { held: Lease[] } | 'alive';

/** What the thread tells: leases that somebody else has by now, or that a beat failed, and why. */
export type Beaten = { lost: Lease[] } | { trouble: string };

/** Running heartbeats. */
export interface Heartbeats {
  /** Beats for these from now on, and for the first time at once. */
  hold(held: readonly Lease[]): void;
  stop(): Promise<void>;
}

/** What heartbeats are made of. */
export interface HeartbeatParts {
  databaseUrl: string;
  onLost: (lost: readonly Lease[]) => void;
  log: Log;
  /** Shortened in tests, milliseconds. */
  beatMs?: number | undefined;
  wordMs?: number;
  trustMs?: number;
}

/** Starts the thread; a thread that ends is started anew. */
export function startHeartbeats({
  databaseUrl,
  onLost,
  log,
  beatMs = BEAT_MS,
  wordMs = WORD_MS,
  trustMs = TRUST_MS,
}: HeartbeatParts): Heartbeats {
  let held: Lease[] = [];
  let stopping = false;
  let thread = start();

  function start(): Worker {
    const workerData: Opening = { databaseUrl, beatMs, trustMs };
    const worker = new Worker(new URL('heartbeat-thread.ts', import.meta.url), { workerData, env: {} });
    worker.on('message', (beaten: Beaten) => {
      if ('lost' in beaten) onLost(beaten.lost);
      else log.warn({ why: beaten.trouble }, 'a heartbeat did not reach the database');
    });
    worker.on('error', (error) => log.error({ error: error.name }, 'the thread of the heartbeats broke'));
    worker.on('exit', () => {
      if (!stopping) setTimeout(() => (stopping ? null : (thread = start())), AGAIN_MS);
    });
    if (held.length > 0) worker.postMessage({ held } satisfies Word);
    return worker;
  }

  const words = setInterval(() => thread.postMessage('alive' satisfies Word), wordMs);
  return {
    hold(now) {
      held = now.map(({ id, lease }) => ({ id, lease }));
      thread.postMessage({ held } satisfies Word);
    },
    async stop() {
      stopping = true;
      clearInterval(words);
      await thread.terminate();
    },
  };
}
