/** How a process is told to stop: once politely, twice at once; and what becomes of an error nobody expected. */

/** A start that does not come to an end gets this long after it was told to stop, milliseconds. */
const START_GRACE_MS = 10_000;

/** npm passes on the Ctrl-C that the terminal has sent to everybody: what comes again so soon is the same, milliseconds. */
const ECHO_MS = 500;

/** The exit status of a process that was interrupted. */
const EXIT_INTERRUPTED = 130;

/** An error that nothing handled, in a process that had started; `cause` is the error. */
export class UnexpectedError extends Error {
  override name = 'UnexpectedError';
}

/** Listens for signals from now on; give it back when the process is done. */
export interface StopSignal extends Disposable {
  /** Resolves when the process is to stop; rejects when an error came up that nothing handled, with an {@link UnexpectedError} once it has started. */
  readonly requested: Promise<void>;
  /** Asks for a stop from inside: somebody typed `quit`. */
  request(): void;
  /** The process has started: from now on it can stop properly. */
  started(): void;
  /** Resolves when a hang-up asks for the configuration to be read again; never where a terminal can hang up. */
  rereadAsked(): Promise<void>;
}

/**
 * Ctrl-C, a service manager's TERM and a terminal that hangs up all mean: finish or give back, then end. Without a terminal
 * a hang-up means what it means to a service: read the configuration again.
 */
export function listenForStop(): StopSignal {
  const stop = Promise.withResolvers<void>();
  // Whoever waits for it may come later.
  stop.promise.catch(() => {});
  let asked: number | null = null;
  let running = false;
  let hangUps = 0;
  let answered = 0;
  let hungUp = Promise.withResolvers<void>();
  const atTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const onHangUp = () => {
    if (atTerminal || !running) return onSignal();
    hangUps += 1;
    hungUp.resolve();
    hungUp = Promise.withResolvers();
  };
  const onSignal = () => {
    const since = asked === null ? null : performance.now() - asked;
    if (since !== null && since < ECHO_MS) return;
    if (since !== null) process.exit(EXIT_INTERRUPTED);
    asked = performance.now();
    if (!running) setTimeout(() => process.exit(EXIT_INTERRUPTED), START_GRACE_MS).unref();
    stop.resolve();
  };
  const onError = (error: unknown) =>
    stop.reject(running ? new UnexpectedError('nothing handled an error', { cause: error }) : error);
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  process.on('SIGHUP', onHangUp);
  process.on('uncaughtException', onError).on('unhandledRejection', onError);
  return {
    requested: stop.promise,
    request: () => stop.resolve(),
    started() {
      running = true;
    },
    async rereadAsked() {
      // One that came while nobody waited for it still counts.
      while (hangUps === answered) await hungUp.promise;
      answered = hangUps;
    },
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, onSignal);
      process.off('SIGHUP', onHangUp);
      process.off('uncaughtException', onError).off('unhandledRejection', onError);
    },
  };
}
