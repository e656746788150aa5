/** Brings one surface's threads in line with what should be said there. Surfaces do not wait for one another. */
import { createHash } from 'node:crypto';
import { readChain } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import { buryPost, claimPost, forgetPosts, notePost, readPosts, type PostRow } from '#db/posts.ts';
import type { Chain } from '#db/run-facts.ts';
import type { DesiredPost, Message } from '#bot/chat/message.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { DeliveryError, type PostRef, type Surface } from '#bot/chat/surface.ts';
import { threadOf } from '#bot/chat/thread.ts';
import { errorFields, type Log } from './log.ts';

/** Progress of a chain is told at most this often, milliseconds. */
const CALM_MS = 300;
/** A surface that failed is tried again after this long, doubling up to the longest, milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** What a teller is made of. */
export interface TellerParts {
  database: Database;
  surface: Surface;
  telling: (now: Date) => Telling;
  log: Log;
}

/** One surface's teller. */
export interface Teller {
  /** Something about this chain may have changed. */
  mark(rootId: number): void;
  /** True when nothing is left to be told. */
  isQuiet(): boolean;
  /** Tells until `stop` is aborted; what is being sent then is finished. */
  run(stop: AbortSignal): Promise<void>;
}

type Known = Pick<PostRow, 'ref' | 'contentHash' | 'state'>;

/** Makes a teller: chains are told one after the other, so that a reply never stands before its card. */
export function createTeller({ database, surface, telling, log }: TellerParts): Teller {
  const due = new Set<number>();
  let busy = false;
  let wake: (() => void) | null = null;

  async function tellUntil(stop: AbortSignal): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!stop.aborted) {
      const [rootId] = due;
      if (rootId === undefined) {
        await pause(null, stop);
        continue;
      }
      due.delete(rootId);
      busy = true;
      try {
        await tell(rootId);
        wait = FIRST_WAIT_MS;
      } catch (error) {
        log.warn(
          { surface: surface.name, rootId, ...errorFields(error) },
          'a thread could not be brought up to date; it is tried again',
        );
        due.add(rootId);
        await pause(Math.max(wait, error instanceof DeliveryError ? error.retryAfterMs : 0), stop);
        wait = Math.min(LONGEST_WAIT_MS, wait * 2);
      } finally {
        busy = false;
      }
      if (due.size === 0 || due.has(rootId)) await pause(CALM_MS, stop);
    }
  }

  async function tell(rootId: number): Promise<void> {
    const chain = await readChain(database.db, rootId);
    if (chain === null) return;
    const desired = threadOf(chain, telling(await databaseNow(database.db)));
    await reconcile(chain, desired);
  }

  async function reconcile(chain: Chain, desired: readonly DesiredPost[]): Promise<void> {
    const rows = await readPosts(
      database.db,
      surface.name,
      chain.runs.map((run) => run.id),
    );
    const existing = new Map<string, Known>(rows.map((row) => [nameOf(row), row]));
    for (const post of desired) {
      const contentHash = hashOf(post.message);
      const row = existing.get(nameOf(post));
      if (row?.contentHash === contentHash || row?.state === 'dead') continue;
      const card = post.threadOf === null ? null : existing.get(`${post.threadOf}/card`);
      // Without its card a reply has no place: it is told once the card stands.
      if (card !== null && card?.state !== 'posted') continue;
      try {
        const ref = await deliver(post, row, card?.ref ?? null);
        await notePost(database.db, surface.name, { runId: post.runId, slot: post.slot, ref, contentHash });
        existing.set(nameOf(post), { ref, contentHash, state: 'posted' });
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.kind === 'later') throw error;
        if (error.kind === 'never') {
          await buryPost(database.db, surface.name, post, error.message);
          existing.set(nameOf(post), { ref: null, contentHash: null, state: 'dead' });
          log.warn(
            { surface: surface.name, runId: post.runId, slot: post.slot, why: error.message },
            'a post is given up',
          );
          continue;
        }
        // Somebody deleted it. A card takes its thread with it; all of it is told anew.
        const cardIsGone = post.threadOf === null || row === undefined;
        await forgetPosts(database.db, surface.name, cardIsGone ? rows : [post]);
        due.add(chain.rootId);
        return;
      }
    }
  }

  async function deliver(post: DesiredPost, row: Known | undefined, thread: PostRef | null): Promise<PostRef> {
    // A row without a reference: a process died between sending and noting. Look before sending again.
    const found = row?.ref ?? (row === undefined ? null : await surface.find(post, thread));
    if (found !== null) {
      await surface.edit(post, found, post.message);
      return found;
    }
    await claimPost(database.db, surface.name, post.runId, post.slot);
    return surface.post(post, post.message, thread);
  }

  /** Waits so long, or until something is due when `ms` is null. */
  function pause(ms: number | null, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop.removeEventListener('abort', done);
        if (wake === done) wake = null;
        resolve();
      };
      const timer = ms === null ? undefined : setTimeout(done, ms);
      if (ms === null) wake = done;
      stop.addEventListener('abort', done);
    });
  }

  return {
    mark(rootId) {
      due.add(rootId);
      wake?.();
    },
    isQuiet: () => due.size === 0 && !busy,
    run: tellUntil,
  };
}

function nameOf(post: { runId: number; slot: string }): string {
  return `${post.runId}/${post.slot}`;
}

function hashOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('base64url');
}
