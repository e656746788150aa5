/**
 * Tells runs to people by reconciling: from a chain's rows it derives the posts that should exist, compares them with
 * the posts that do, and posts or edits the difference. A crash, a reconnect or a burst of progress all end the same way.
 */
import { createHash } from 'node:crypto';
import { readChain, readLiveChains } from '#db/chains.ts';
import type { Database, Lock } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import { claimPost, notePost, readPosts, type PostRow } from '#db/posts.ts';
import type { Chain } from '#db/run-facts.ts';
import { RUNS_CHANNEL } from '#db/runs.ts';
import type { DesiredPost, Message } from '#bot/chat/message.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import type { Surface } from '#bot/chat/surface.ts';
import { threadOf } from '#bot/chat/thread.ts';
import { errorFields, type Log } from './log.ts';

/** How often everything unfinished or just finished is looked at without being announced, milliseconds. */
const SWEEP_MS = 5_000;
/** Progress of one chain is told at most this often, milliseconds. */
const CALM_MS = 300;
/** How often a process that stands by tries to become the speaker, milliseconds. */
const STAND_BY_MS = 2_000;

/** What the narrator is made of. */
export interface NarratorParts {
  database: Database;
  surfaces: readonly Surface[];
  telling: (now: Date) => Telling;
  /** Finished chains are revisited this long, because their buttons change with time, milliseconds. */
  revisitMs: number;
  /** Called with every chain that was looked at, after it was told. */
  onChain: (chain: Chain) => void;
  /** Called when this process becomes the speaker (true) or finds that another one speaks (false). */
  onRole: (speaking: boolean) => void;
  log: Log;
}

/** A running narrator. */
export interface Narrator {
  /** Looks at everything once more and resolves when it is told; at once while another process speaks. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts telling. One process speaks at a time; the others stand by and take over when it is gone. */
export function startNarrator(parts: NarratorParts): Narrator {
  const { database, log } = parts;
  const stopped = new AbortController();
  const due = new Set<number>();
  let busy = 0;
  let lastRole: boolean | null = null;
  let signal: (() => void) | null = null;

  function mark(rootId: number): void {
    due.add(rootId);
    signal?.();
  }

  async function standBy(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await using lock = await holdLock();
        setRole(lock !== null);
        if (lock === null) await pause(STAND_BY_MS);
        else await speak(lock.lock);
      } catch (error) {
        log.warn(errorFields(error), 'the narrator lost its footing; it starts again');
        await pause(STAND_BY_MS);
      }
    }
  }

  async function holdLock() {
    const lock = await database.tryLock('rescrape:speaker');
    return lock === null ? null : { lock, [Symbol.asyncDispose]: () => lock.release() };
  }

  function setRole(speaking: boolean): void {
    if (lastRole !== speaking) parts.onRole(speaking);
    lastRole = speaking;
  }

  async function speak(lock: Lock): Promise<void> {
    const listening = await database.listen(
      RUNS_CHANNEL,
      (payload) => mark(Number(payload)),
      () => void sweep(),
    );
    const sweeps = setInterval(() => void sweep(), SWEEP_MS);
    lock.lost.addEventListener('abort', () => signal?.(), { once: true });
    try {
      while (!stopped.signal.aborted && lock.held()) {
        if (due.size === 0) await new Promise<void>((resolve) => (signal = resolve));
        signal = null;
        const [rootId] = due;
        if (rootId === undefined) continue;
        due.delete(rootId);
        busy++;
        await tell(rootId).finally(() => busy--);
        if (due.size === 0 || due.has(rootId)) await pause(CALM_MS);
      }
    } finally {
      clearInterval(sweeps);
      await listening.close();
    }
  }

  async function sweep(): Promise<void> {
    try {
      const since = new Date((await databaseNow(database.db)).getTime() - parts.revisitMs);
      for (const chain of await readLiveChains(database.db, since)) mark(chain.rootId);
    } catch (error) {
      log.warn(errorFields(error), 'a sweep did not reach the database');
    }
  }

  async function tell(rootId: number): Promise<void> {
    try {
      const chain = await readChain(database.db, rootId);
      if (chain === null) return;
      const posts = threadOf(chain, parts.telling(await databaseNow(database.db)));
      await Promise.all(parts.surfaces.map((surface) => reconcile(surface, chain, posts)));
      parts.onChain(chain);
    } catch (error) {
      log.warn(
        { rootId, ...errorFields(error) },
        'a thread could not be brought up to date; the next sweep tries again',
      );
    }
  }

  /** Brings one surface's thread in line. In order, so that a reply never stands before its card. */
  async function reconcile(surface: Surface, chain: Chain, desired: readonly DesiredPost[]): Promise<void> {
    const rows = await readPosts(
      database.db,
      surface.name,
      chain.runs.map((run) => run.id),
    );
    const existing = new Map(rows.map((row) => [nameOf(row), row]));
    for (const post of desired) {
      const hash = hashOf(post.message);
      const thread = post.threadOf === null ? null : (existing.get(`${post.threadOf}/card`)?.ref ?? null);
      const row = existing.get(nameOf(post));
      if (row?.contentHash === hash) continue;
      const ref = row?.ref ?? (row === undefined ? null : await surface.find(post, thread));
      if (ref === null) await claimPost(database.db, surface.name, post.runId, post.slot);
      const known = ref ?? (await surface.post(post, post.message, thread));
      if (ref !== null) await surface.edit(post, ref, post.message);
      const noted: PostRow = { runId: post.runId, slot: post.slot, ref: known, contentHash: hash, state: 'posted' };
      await notePost(database.db, surface.name, { ...noted, ref: known });
      existing.set(nameOf(post), noted);
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stopped.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      stopped.signal.addEventListener('abort', done);
    });
  }

  const running = standBy();
  return {
    async catchUp() {
      if (lastRole !== true) return;
      await sweep();
      while ((due.size > 0 || busy > 0) && !stopped.signal.aborted) await pause(20);
    },
    async stop() {
      stopped.abort();
      signal?.();
      await running;
    },
  };
}

function nameOf(post: { runId: number; slot: string }): string {
  return `${post.runId}/${post.slot}`;
}

function hashOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('base64url');
}
