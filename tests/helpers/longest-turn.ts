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
