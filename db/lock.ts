/** A lock that only one process has, and that says so when it is lost. */
import type { Link } from './link.ts';
import { untilLost, type Watch } from './listen.ts';

/** A held session lock. The database frees it when our connection ends, however that happens. */
export interface Lock extends AsyncDisposable {
  /** Whether the connection that holds it answered lately: false in a process that was frozen, before it even knows. */
  held(): boolean;
  /** Fires when it is lost, or was released. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Takes the advisory lock whose number is the hash of the name; null when another session has it. */
export async function takeLock(options: { open: () => Link; watch: Watch; name: string }): Promise<Lock | null> {
  const { watch, name } = options;
  const link = options.open();
  let answeredAt = performance.now();
  try {
    await link.open(watch.deadlineMs);
    const [row] = await link.run({
      text: 'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
      params: [name],
      deadlineMs: watch.deadlineMs,
    });
    if (!(row as { taken: boolean }).taken) {
      await link.end();
      return null;
    }
  } catch (error) {
    link.destroy();
    throw error;
  }

  const stop = new AbortController();
  const watching = untilLost(link, watch, stop.signal, () => (answeredAt = performance.now()));
  const trustMs = watch.everyMs + watch.deadlineMs;

  async function release(): Promise<void> {
    stop.abort();
    if (!link.lost.aborted) {
      const text = 'select pg_advisory_unlock_all()';
      await link.run({ text, deadlineMs: watch.deadlineMs }).catch(() => {});
    }
    await link.end();
    await watching;
  }

  return {
    held: () => !link.lost.aborted && performance.now() - answeredAt <= trustMs,
    lost: link.lost,
    release,
    [Symbol.asyncDispose]: release,
  };
}
