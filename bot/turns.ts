/**
 * Whose turn it is in one channel. Chains are looked at in the order in which something about them changed, and one that
 * the channel refuses keeps its place: what came after it is not told before it.
 */

/** Waits, milliseconds; shortened in tests. */
export interface TurnWaits {
  /** A chain is told at most this often. */
  calmMs: number;
  /** What failed is tried again after this long, doubling up to the longest. */
  firstMs: number;
  longestMs: number;
}

/** How long is waited unless told otherwise. */
export const usualWaits: TurnWaits = { calmMs: 300, firstMs: 1_000, longestMs: 30_000 };
/**
 * A chain refused this often in a row, nine minutes long or more, lets the next one try at once: if that is taken, it was
 * the chain and not the channel.
 */
const PATIENCE = 20;

/** The line of one channel. Times are milliseconds. */
export interface Turns {
  /** Something about this chain may have changed. */
  mark(rootId: number): void;
  /** This chain has more to be told, after so long. */
  again(rootId: number, afterMs: number): void;
  /** Takes the chain whose turn it is; else says how long nobody has one, null for without end. */
  take(): { rootId: number } | { waitMs: number | null };
  /** The chain that was taken is told. */
  told(): void;
  /** The channel refused the chain that was taken. Answers how long nothing is to be tried; 0: the next one at once. */
  refused(retryAfterMs: number): number;
  /** The chain that was taken failed by itself: it is left alone for a while, so that it holds up no other. */
  failed(): void;
  isWaiting(rootId: number): boolean;
  isEmpty(): boolean;
}

/** Opens an empty line; `now` is a clock in milliseconds that never goes back. */
export function openTurns(
  { firstMs, longestMs }: Omit<TurnWaits, 'calmMs'>,
  now: () => number = () => performance.now(),
): Turns {
  /** Chains to be looked at, and from when on: the earlier, the further ahead. */
  const due = new Map<number, number>();
  /** Chains that failed by themselves, how often, and how long they are left alone. */
  const failures = new Map<number, { count: number; until: number }>();
  let taken = { rootId: 0, at: 0 };
  /** Which chain is refused at the head of the line, and how often it was. */
  let head: { rootId: number; refusals: number } | null = null;
  /** The next in line has its turn, to see whether it is refused as well. */
  let probing = false;
  let wait = firstMs;

  function next(except: number | null): { rootId: number; at: number } | null {
    let first: { rootId: number; at: number } | null = null;
    for (const [rootId, at] of due) {
      if (rootId !== except && (first === null || at < first.at)) first = { rootId, at };
    }
    return first;
  }

  function again(rootId: number, afterMs: number): void {
    due.set(rootId, Math.min(due.get(rootId) ?? Infinity, now() + afterMs));
  }

  function leaveAlone(rootId: number): void {
    const count = (failures.get(rootId)?.count ?? 0) + 1;
    const until = now() + Math.min(longestMs, firstMs * 2 ** Math.min(count - 1, 20));
    failures.set(rootId, { count, until });
    due.set(rootId, until);
  }

  return {
    mark: (rootId) => again(rootId, Math.max(0, (failures.get(rootId)?.until ?? 0) - now())),
    again,
    take() {
      const first = next(probing ? (head?.rootId ?? null) : null);
      if (first === null || first.at > now()) return { waitMs: first === null ? null : first.at - now() };
      due.delete(first.rootId);
      taken = first;
      return { rootId: first.rootId };
    },
    told() {
      if (probing && head !== null) leaveAlone(head.rootId);
      failures.delete(taken.rootId);
      [head, probing, wait] = [null, false, firstMs];
    },
    refused(retryAfterMs) {
      const { rootId, at } = taken;
      due.set(rootId, at);
      const probed = probing;
      probing = false;
      if (!probed) {
        head = { rootId, refusals: head?.rootId === rootId ? head.refusals + 1 : 1 };
        const other = next(rootId);
        if (head.refusals >= PATIENCE && other !== null && other.at <= now()) {
          probing = true;
          return 0;
        }
      }
      const pause = Math.max(wait, retryAfterMs);
      wait = Math.min(longestMs, wait * 2);
      return pause;
    },
    failed() {
      probing = false;
      leaveAlone(taken.rootId);
    },
    isWaiting: (rootId) => due.has(rootId),
    isEmpty: () => due.size === 0,
  };
}
