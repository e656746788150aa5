/**
 * A lock that only one process has, and that says so when it is lost. It is a row with a term and an end, by the database's
 * clock; whoever holds it renews it. A session lock of the same term beside it shows at once that a holder has died. What is
 * frozen, or cut off without anybody being told, keeps its session, but not its term.
 */
import type { Link } from './link.ts';
import type { Watch } from './listen.ts';
import { nap } from './nap.ts';

/** A held lock. It comes free when it is released, when its connection ends, or when it was not renewed for its term. */
export interface Lock extends AsyncDisposable {
  /** Whether it was renewed lately: false in a process that was frozen, before it even knows. */
  held(): boolean;
  /** Fires when it is lost, or was released. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Somebody else has it: `by` is how the holder calls itself. */
export interface Taken {
  by: string;
}

/** Who wants which lock. */
export interface LockOptions {
  open: () => Link;
  watch: Watch;
  name: string;
  /** How this process is called before those who do not get it. */
  holder: string;
}

/** A term outlasts the time after which a holder that could not renew it counts itself out, by this much. */
const TERM_TO_TRUST = 1.5;

const session = (term: string) => `hashtextextended('rescrape lock ' || $1::text || ' ' || ${term}, 0)`;

/** Takes the lock, or tells who has it. */
export async function takeLock({ open, watch, name, holder }: LockOptions): Promise<Lock | Taken> {
  const { everyMs, deadlineMs } = watch;
  const trustMs = everyMs + deadlineMs;
  const termMs = TERM_TO_TRUST * trustMs;
  const link = open();
  const run = (text: string, ...params: unknown[]) => link.run({ text, params: [name, ...params], deadlineMs });
  let renewedAt = performance.now();

  /** The new term; or who has the lock, or is just taking it. */
  async function take(): Promise<number | Taken> {
    const [row] = await run(`
      select term, holder, expires_at > now() and not pg_try_advisory_lock(${session('term')}) as lasts
      from locks where name = $1`);
    const seen = (row ?? { term: 0, holder: 'nobody', lasts: false }) as {
      term: number;
      holder: string;
      lasts: boolean;
    };
    if (seen.lasts) return { by: seen.holder };
    const term = seen.term + 1;
    const [mine] = await run(`select pg_try_advisory_lock(${session('$2::int')}) as taken`, term);
    if (!(mine as { taken: boolean }).taken) return { by: seen.holder };
    const taken = await run(
      `insert into locks (name, term, holder, expires_at) values ($1, $2, $3, now() + $4 * interval '1 millisecond')
       on conflict (name) do update set term = excluded.term, holder = excluded.holder, expires_at = excluded.expires_at
       where locks.term = $2 - 1 returning term`,
      ...[term, holder, termMs],
    );
    return taken.length === 0 ? { by: seen.holder } : term;
  }

  let term: number | Taken;
  try {
    await link.open(deadlineMs);
    term = await take();
  } catch (error) {
    link.destroy();
    throw error;
  }
  if (typeof term !== 'number') {
    await link.end();
    return term;
  }

  const stop = new AbortController();
  async function renew(): Promise<void> {
    const over = AbortSignal.any([link.lost, stop.signal]);
    while (!over.aborted) {
      await nap(everyMs, over);
      if (over.aborted) return;
      const askedAt = performance.now();
      const renewed = await run(
        `update locks set expires_at = now() + $3 * interval '1 millisecond' where name = $1 and term = $2 returning 1`,
        ...[term, termMs],
      ).catch(() => []);
      // Not renewed in time, or somebody has it by now.
      if (renewed.length === 0) link.destroy();
      else renewedAt = askedAt;
    }
  }
  const renewing = renew();

  async function release(): Promise<void> {
    stop.abort();
    await renewing;
    const free = `update locks set expires_at = now() where name = $1 and term = $2`;
    if (!link.lost.aborted) await run(free, term).catch(() => {});
    await link.end();
  }

  return {
    held: () => !link.lost.aborted && performance.now() - renewedAt <= trustMs,
    lost: link.lost,
    release,
    [Symbol.asyncDispose]: release,
  };
}
