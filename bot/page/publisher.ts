/** Renews the status page: one build at a time, swapped in whole; what fails leaves the old page. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '#bot/log.ts';
import { lastWords } from './astro.ts';
import { PageError, reasonOf } from './page-error.ts';
import type { Answer, Opening, Question } from './process.ts';

/** Publishes the page into the folder the HTTP server serves. Stop it, or its process goes on. */
export interface StatusPublisher {
  /**
   * Resolves when a build that began after this call has ended; several calls during a build become one more build.
   * `rootId` names a chain in which something changed. Never rejects: a failed build is logged.
   */
  publish(rootId?: number): Promise<void>;
  /** Resolves when nothing is being built or asked for; older pages may still be under way. */
  settled(): Promise<void>;
  /** Why the page is not being renewed, for people, once several builds in a row have failed; else null. */
  trouble(): string | null;
  /** Ends a build that is under way and refuses further ones. */
  stop(): Promise<void>;
}

/** What a publisher works with. */
export interface PublisherParts extends Opening {
  log: Pick<Log, 'debug' | 'warn' | 'error'>;
  /** Called after each swap with the paths that changed. */
  onSwap?: (changed: readonly string[]) => void;
}

const program = fileURLToPath(new URL('process.ts', import.meta.url));

/** A build that failed is repeated after this long, unless another was asked for, milliseconds. */
const AGAIN_MS = 30_000;
/** A build that takes longer has hung: its process is replaced, milliseconds. The first one may build the renderer. */
const LONGEST_MS = 180_000;
/** A process that does not end by itself is ended after this long, milliseconds. */
const END_WITHIN_MS = 2_000;
/** So many failures in a row are told where people look. */
const TROUBLE_AFTER = 3;
/** What one process may keep, megabytes: it works on little at a time. */
const HEAP_MB = 192;

/** Makes a publisher. It begins with a page, as much may have happened since the last one; the database must be migrated. */
export function createStatusPublisher({ log, onSwap, ...opening }: PublisherParts): StatusPublisher {
  const stopping = new AbortController();
  let asked: Set<number> | null = null;
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let archiveLeft = false;
  let failures = 0;
  let why = '';
  let page: Promise<PageProcess> | null = null;

  async function ask(question: Exclude<Question, { kind: 'open' }>): Promise<Extract<Answer, { kind: 'built' }>> {
    page ??= openProcess(opening, stopping.signal);
    const opened = page;
    try {
      const answer = await (await opened).ask(question);
      if (answer.kind !== 'built') throw new PageError(answer.kind === 'failed' ? answer.reason : 'it lost its place');
      return answer;
    } catch (error) {
      // Whatever state it is in: the next question goes to a new one.
      page = null;
      await opened.then((one) => one.end()).catch(() => {});
      throw error;
    }
  }

  async function build(question: Exclude<Question, { kind: 'open' }>): Promise<void> {
    const startedAt = performance.now();
    clearTimeout(timer);
    try {
      const built = await ask(question);
      archiveLeft = built.archiveLeft;
      failures = 0;
      const tookMs = Math.round(performance.now() - startedAt);
      log.debug({ tookMs, files: built.changed.length, build: question.kind }, 'the status page was renewed');
      if (built.changed.length > 0) onSwap?.(built.changed);
    } catch (error) {
      if (stopping.signal.aborted) return;
      failures += 1;
      why = reasonOf(error);
      const level = failures === TROUBLE_AFTER ? 'error' : 'warn';
      log[level]({ reason: why, failures }, 'the status page could not be renewed; the one before stays');
    }
    schedule();
  }

  /** When nothing else is asked for: older pages at once, a repeated try soon, and a fresh page in time in any case. */
  function schedule(): void {
    if (stopping.signal.aborted || next !== null) return;
    clearTimeout(timer);
    if (failures > 0) timer = setTimeout(() => void publish(), AGAIN_MS).unref();
    else if (archiveLeft) timer = setTimeout(writeArchive, 0);
    else timer = setTimeout(() => void publish(), opening.everyMs).unref();
  }

  function writeArchive(): void {
    if (running !== null || stopping.signal.aborted) return;
    running = build({ kind: 'archive' }).finally(() => (running = null));
  }

  function publish(rootId?: number): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    asked ??= new Set();
    if (rootId !== undefined) asked.add(rootId);
    next ??= (running ?? Promise.resolve()).then(async () => {
      const roots = [...(asked ?? [])];
      asked = null;
      next = null;
      running = build({ kind: 'live', roots }).finally(() => (running = null));
      return running;
    });
    return next;
  }

  async function settled(): Promise<void> {
    for (let last = next ?? running; last !== null; last = next ?? running) await last;
  }

  void publish();
  return {
    publish,
    settled,
    trouble: () => (failures < TROUBLE_AFTER ? null : `not renewed, ${failures} builds failed: ${why}`),
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await page?.then((one) => one.end()).catch(() => {});
      await settled();
    },
  };
}

/** A running page process. */
interface PageProcess {
  /** Rejects with a PageError when the process ends or hangs instead of answering. One question at a time. */
  ask(question: Question): Promise<Answer>;
  end(): Promise<void>;
}

async function openProcess(opening: Opening, stopping: AbortSignal): Promise<PageProcess> {
  const child = fork(program, {
    // Nothing of our own environment: what is not there cannot get into a page.
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=8'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // In a process group of its own: Ctrl-C is for the bot, which ends the process itself.
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-16_000)));

  async function end(): Promise<void> {
    child.kill('SIGTERM');
    const overdue = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    await ended;
    clearTimeout(overdue);
  }
  const ask = (question: Question) => oneAnswer(child, question, () => lastWords(output));
  stopping.addEventListener('abort', () => void end(), { once: true });
  try {
    if (stopping.aborted) throw new PageError('The build was stopped.');
    const answer = await ask({ kind: 'open', opening });
    if (answer.kind === 'failed') throw new PageError(answer.reason);
    return { ask, end };
  } catch (error) {
    await end();
    throw error;
  }
}

function oneAnswer(child: ChildProcess, question: Question, said: () => string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      finish();
      reject(new PageError(`The build took more than ${LONGEST_MS / 1000} s and was ended.`));
    }, LONGEST_MS);
    const onMessage = (answer: Answer) => {
      finish();
      resolve(answer);
    };
    const onClose = (code: number | null) => {
      finish();
      reject(new PageError(said() || `The process that makes the page ended with ${code ?? 'a signal'}.`));
    };
    const onError = () => onClose(null);
    function finish(): void {
      clearTimeout(late);
      child.off('message', onMessage).off('close', onClose).off('error', onError);
    }
    child.once('message', onMessage).once('close', onClose).once('error', onError);
    if (child.connected) child.send(question, () => {});
    else onClose(child.exitCode);
  });
}
