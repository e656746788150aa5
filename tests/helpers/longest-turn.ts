/** How long the event loop was held up: in time of this thread's own processor, so that a busy machine changes nothing. */

/** What came of the work, and the longest time (milliseconds) for which nothing else could be attended to meanwhile. */
export async function longestTurn<Result>(work: () => Promise<Result>): Promise<{ result: Result; longestMs: number }> {
  let longest = 0;
  let before = process.threadCpuUsage();
  const ticker = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, user + system);
    before = process.threadCpuUsage();
  }, 1);
  try {
    const result = await work();
    // What the work ended with belongs to its last turn.
    await new Promise((resolve) => setTimeout(resolve, 2));
    return { result, longestMs: longest / 1000 };
  } finally {
    clearInterval(ticker);
  }
}

/** Milliseconds that {@link slowness} takes on the machine on which bounds of time were chosen. */
const ordinaryMs = 42;

/** How many times slower than there this thread is just now, at least 1: a bound is stretched by it, and means the same everywhere. */
export function slowness(): number {
  const before = process.threadCpuUsage();
  let state = 1;
  for (let round = 0; round < 30_000_000; round += 1) state = (state ^ (state << 13) ^ (state >>> 17)) | 1;
  const { user, system } = process.threadCpuUsage(before);
  return state === 0 ? 1 : Math.max(1, (user + system) / 1000 / ordinaryMs);
}
