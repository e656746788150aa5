/** Hands on results and failures in small batches: often enough to watch, seldom enough for the database. */

/** How long a batch may grow. */
export interface BatchSize {
  items: number;
  ms: number;
}

/** Collects one step's results and failures. */
export interface Settler<Result, Failure> {
  /**
   * Resolves at once; where it makes a batch full, when the batch before that one is stored: whoever asks the site does
   * not wait for the database, and results cannot pile up.
   */
  add(result: Result): Promise<void>;
  addFailure(failure: Failure): void;
  /** Stores what is left; resolves when everything is stored. */
  flush(): Promise<void>;
}

/** Batches are stored one after the other. An error of `store` is thrown by the next `add` or `flush`; nothing is stored after it. */
export function createSettler<Result, Failure>(
  size: BatchSize,
  signal: AbortSignal,
  store: (results: Result[], failures: Failure[]) => Promise<void>,
): Settler<Result, Failure> {
  let results: Result[] = [];
  let failures: Failure[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing = Promise.resolve();

  function flush(): Promise<void> {
    stopTimer();
    storing = storing.then(async () => {
      if (results.length === 0 && failures.length === 0) return;
      const batch = { results, failures };
      results = [];
      failures = [];
      await store(batch.results, batch.failures);
    });
    return storing;
  }

  function stopTimer(): void {
    clearTimeout(timer);
    timer = undefined;
    signal.removeEventListener('abort', stopTimer);
  }

  function startTimer(): void {
    if (timer || signal.aborted) return;
    timer = setTimeout(() => void flush().catch(() => {}), size.ms);
    signal.addEventListener('abort', stopTimer, { once: true });
  }

  return {
    async add(result) {
      results.push(result);
      if (results.length < size.items) return startTimer();
      const before = storing;
      void flush().catch(() => {});
      await before;
    },
    addFailure(failure) {
      failures.push(failure);
      startTimer();
    },
    flush,
  };
}
