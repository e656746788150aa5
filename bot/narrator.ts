/**
 * Tells runs to people by reconciling: from a chain's rows follow the posts that should exist; what exists is compared
 * with them, and the difference is posted or edited. A crash, a reconnect or a burst of progress all end the same way.
 * This file decides who speaks, where, and when to look; `teller.ts` does the telling, one per channel.
 */
import { hostname } from 'node:os';
import { readChain, readLiveChains } from '#db/chains.ts';
import type { Database, Lock } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import type { Chain } from '#db/run-facts.ts';
import { lastSaidAt } from '#db/posts.ts';
import { RUNS_CHANNEL } from '#db/runs.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { channelsOf, type Channel, type Route } from '#bot/runs/routes.ts';
import type { Surface } from '#bot/chat/surface.ts';
import { errorFields, type Log } from './log.ts';
import { troublesOf, watchOutages, type OutageTiming } from './outages.ts';
import { until } from './until.ts';
import { createTeller, type Teller } from './teller.ts';
import type { TurnWaits } from './turns.ts';

/** How often everything unfinished or just finished is looked at without being announced, milliseconds. */
const SWEEP_MS = 5_000;
/** One in so many sweeps revisits what broke, as long as that may be: what its buttons say may be a minute old. */
const REVISIT_EACH = 12;
/** What was said last may have been the beginning of more. */
const MARGIN_MS = 60_000;
/** How often a process that stands by tries to become the speaker, milliseconds. */
const STAND_BY_MS = 2_000;

/** What the narrator is made of. */
export interface NarratorParts {
  database: Database;
  surfaces: readonly Surface[];
  /** Where else runs are told, besides each surface's home. */
  routes?: readonly Route[];
  telling: (now: Date) => Telling;
  /** Finished chains are revisited this long, because their buttons change with time, milliseconds. */
  revisitMs: number;
  /** Called with a chain whenever something about it may have changed. */
  onChain: (chain: Chain) => void;
  /** Called when this process becomes the speaker (true) or finds that another one speaks (false), and which. */
  onRole: (speaking: boolean, speaker: string) => void;
  /** What else the one that speaks has to do; ends when its signal is aborted, and never throws. */
  alongside?: (ending: AbortSignal) => Promise<void>;
  outages?: Partial<OutageTiming>;
  waits?: Partial<TurnWaits>;
  log: Log;
}

/** A running narrator. */
export interface Narrator {
  /** Looks at everything once more and resolves when it is told; at once while another process speaks. */
  catchUp(): Promise<void>;
  /** Whether this process speaks. */
  speaks(): boolean;
  /** Surfaces and channels that are out of reach until somebody puts something right, and what. */
  troubles(): { name: string; why: string }[];
  stop(): Promise<void>;
}

const ignored = () => {};

/** Starts telling. One process speaks at a time; the others stand by and take over when it is gone. */
export function startNarrator(parts: NarratorParts): Narrator {
  const { database, surfaces, telling, log } = parts;
  const stopped = new AbortController();
  /** Held while this process speaks. */
  let held: Lock | null = null;
  const mayTell = () => held?.held() ?? false;
  const me = `process ${process.pid} on ${hostname()}`;
  const outlets: (Channel & { teller: Teller })[] = surfaces.flatMap((surface) =>
    channelsOf(surface.name, surface.home, parts.routes ?? []).map((one) => ({
      ...one,
      teller: createTeller({ database, surface, channel: one.channel, telling, waits: parts.waits, mayTell, log }),
    })),
  );
  const tellers = outlets.map(({ teller }) => teller);
  let speaking: boolean | null = null;
  /** Chains that were announced and are still to be looked at, one after the other, as are sweeps. */
  const announced = new Set<number>();
  let looking: Promise<void> = Promise.resolve();
  /** When the last sweep looked, by the database's clock, milliseconds: what ended while none came through is not missed. */
  let sweptUpTo: number | null = null;

  async function standBy(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        const lock = await database.tryLock('speaker', me);
        if ('by' in lock) {
          setRole(false, lock.by);
          await pause(STAND_BY_MS);
          continue;
        }
        held = lock;
        setRole(true, me);
        try {
          await speak(lock);
        } finally {
          await lock.release();
        }
      } catch (error) {
        log.warn(errorFields(error), 'the narrator lost its footing; it starts again');
        await pause(STAND_BY_MS);
      }
    }
  }

  function setRole(role: boolean, speaker: string): void {
    if (speaking !== role) parts.onRole(role, speaker);
    speaking = role;
  }

  async function speak(lock: Lock): Promise<void> {
    const ending = AbortSignal.any([stopped.signal, lock.lost]);
    const opening = database.listen(
      RUNS_CHANNEL,
      (payload) => look(Number(payload)),
      () => void sweep(),
    );
    // What there is by then comes before whatever is announced.
    looking = looking.then(() => opening.then(ignored, ignored));
    void sweep(false);
    const listening = await opening;
    await catchUpSince(ending);
    let swept = 0;
    const sweeps = setInterval(() => void sweep(++swept % REVISIT_EACH === 0), SWEEP_MS);
    const outages = watchOutages({ database, tellers, timing: parts.outages, log }, ending);
    try {
      await Promise.all([
        ...tellers.map((teller) => teller.run(ending)),
        outages,
        parts.alongside?.(ending),
        until(ending),
      ]);
    } finally {
      clearInterval(sweeps);
      await listening.close();
    }
  }

  function mark(chain: Chain): void {
    for (const { tells, teller } of outlets) if (tells(chain)) teller.mark(chain.rootId);
    parts.onChain(chain);
  }

  /** One after the other: what is looked at first is told first, and runs are told in their order. */
  function look(rootId: number): void {
    if (announced.has(rootId)) return;
    announced.add(rootId);
    looking = looking.then(async () => {
      announced.delete(rootId);
      try {
        const chain = await readChain(database.db, rootId);
        if (chain !== null) mark(chain);
      } catch (error) {
        log.warn(errorFields(error), 'a change could not be looked at; the next sweep will');
      }
    });
  }

  /** Whatever ended since we last spoke is told, however long we were away. A surface that never spoke is not flooded. */
  async function catchUpSince(ending: AbortSignal): Promise<void> {
    for (const surface of surfaces) {
      const last = await lastSaidAt(database.db, surface.name);
      if (last !== null && !ending.aborted) await sweep(true, last);
    }
  }

  /**
   * Looks at what is unfinished or has just ended, and if asked at all that broke and may still change; after a start at
   * everything since `from`, when something was said last. In the same line as what is announced: a new run does not
   * overtake an older one that the sweep is just finding.
   */
  function sweep(revisits = true, from?: Date): Promise<void> {
    for (const teller of tellers) teller.markNotices();
    looking = looking.then(async () => {
      try {
        const now = (await databaseNow(database.db)).getTime();
        const old = from === undefined ? now : Math.min(from.getTime(), now - parts.revisitMs);
        const since = Math.min(old, sweptUpTo ?? now) - MARGIN_MS;
        const broken = Math.min(since, revisits ? now - parts.revisitMs : since);
        for (const chain of await readLiveChains(database.db, new Date(since), new Date(broken))) mark(chain);
        sweptUpTo = now;
      } catch (error) {
        log.warn(errorFields(error), 'a sweep did not reach the database');
      }
    });
    return looking;
  }

  function pause(ms: number): Promise<void> {
    return until(AbortSignal.any([stopped.signal, AbortSignal.timeout(ms)]));
  }

  const running = standBy();
  return {
    async catchUp() {
      if (speaking !== true) return;
      await sweep();
      while (!stopped.signal.aborted && !tellers.every((teller) => teller.isQuiet())) await pause(20);
    },
    speaks: () => speaking === true,
    troubles: () => (speaking === true ? troublesOf(tellers) : []),
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
