/** The threads that read pages: started when needed, ended when idle, replaced when a page was too much for one. */
import { Worker } from 'node:worker_threads';
import { ScrapeError } from './errors.ts';
import type { ThreadAnswer, ThreadTask } from './html-thread.ts';

/**
 * How much of a thread's memory may be young, MB. A full thread has 16 MB left in which to end by itself; what grows old at
 * once, a third of this, has to fit in there, or the whole process ends.
 */
const mostYoungMb = 24;

/** How many threads, and how long and large they may be. */
export interface ThreadLimits {
  threads: number;
  heapMb: number;
  idleMs: number;
}

/** How one task may end early. */
export interface TaskTerms {
  budgetMs: number;
  signal?: AbortSignal;
}

/** Threads under one queue, first come first served. */
export interface HtmlThreads {
  /** The data the reader returned. Throws the signal's reason, a ScrapeError, or the reader's own error. */
  run(task: ThreadTask, terms: TaskTerms): Promise<unknown>;
  close(): Promise<void>;
}

interface Job {
  task: ThreadTask;
  terms: TaskTerms;
  settle(outcome: { data: unknown } | { error: unknown }): void;
}

interface Thread {
  worker: Worker;
  job: Job | null;
  budget?: NodeJS.Timeout;
  idle?: NodeJS.Timeout;
}

/** Starts no thread yet. Dispose of all by `close`; an idle one keeps no process alive. */
export function createHtmlThreads({ threads: most, heapMb, idleMs }: ThreadLimits): HtmlThreads {
  const threads = new Set<Thread>();
  const waiting: Job[] = [];

  function next(): void {
    while (waiting.length > 0) {
      const thread = idleThread();
      if (!thread) return;
      const job = waiting.shift();
      if (job) begin(thread, job);
    }
  }

  function idleThread(): Thread | null {
    for (const thread of threads) if (thread.job === null) return thread;
    return threads.size < most ? startThread() : null;
  }

  function startThread(): Thread {
    const worker = new Worker(new URL('./html-thread.ts', import.meta.url), {
      name: 'html',
      // Pages are read by code that needs nothing of ours: no secrets, no flags.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: mostYoungMb },
    });
    const thread: Thread = { worker, job: null };
    threads.add(thread);
    worker.unref();
    worker.on('message', (answer: ThreadAnswer) => onAnswer(thread, answer));
    worker.on('error', (error) => void end(thread, asFailure(error)));
    worker.on('exit', () => void end(thread, new Error('the parser thread ended by itself')));
    return thread;
  }

  function begin(thread: Thread, job: Job): void {
    clearTimeout(thread.idle);
    thread.job = job;
    // While a page is being read the process stays; an idle thread keeps nobody.
    thread.worker.ref();
    thread.worker.postMessage(job.task);
  }

  function onAnswer(thread: Thread, answer: ThreadAnswer): void {
    const { job } = thread;
    if (!job) return;
    switch (answer.kind) {
      case 'reading':
        thread.budget = setTimeout(() => {
          const detail = `a page that took more than ${job.terms.budgetMs} ms to read`;
          void end(thread, new ScrapeError('too_large', detail));
        }, job.terms.budgetMs);
        return;
      case 'done':
        free(thread);
        job.settle({ data: answer.data });
        return;
      case 'refused': {
        free(thread);
        const { failure, detail, ...more } = answer;
        job.settle({ error: new ScrapeError(failure, detail, more) });
        return;
      }
      case 'broken':
        free(thread);
        job.settle({ error: answer.error });
        return;
    }
  }

  function free(thread: Thread): void {
    clearTimeout(thread.budget);
    thread.job = null;
    thread.worker.unref();
    thread.idle = setTimeout(() => void end(thread, null), idleMs).unref();
    next();
  }

  /** Ends a thread for good; its page, if it has one, fails with this. */
  async function end(thread: Thread, error: unknown): Promise<void> {
    if (!threads.delete(thread)) return;
    clearTimeout(thread.budget);
    clearTimeout(thread.idle);
    thread.job?.settle({ error });
    next();
    await thread.worker.terminate();
  }

  return {
    run(task, terms) {
      return new Promise((resolve, reject) => {
        const job: Job = {
          task,
          terms,
          settle(outcome) {
            terms.signal?.removeEventListener('abort', abort);
            if ('error' in outcome) reject(outcome.error);
            else resolve(outcome.data);
          },
        };
        function abort(): void {
          const error: unknown = terms.signal?.reason;
          const place = waiting.indexOf(job);
          if (place >= 0) {
            waiting.splice(place, 1);
            job.settle({ error });
          }
          for (const thread of threads) if (thread.job === job) void end(thread, error);
        }
        terms.signal?.addEventListener('abort', abort, { once: true });
        waiting.push(job);
        next();
      });
    },
    async close() {
      await Promise.all([...threads].map((thread) => end(thread, new Error('the parser was closed'))));
    },
  };
}

/** What ended a thread from within: its heap was full, or something threw where nothing could catch it. */
function asFailure(error: unknown): unknown {
  const full = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return full ? new ScrapeError('too_large', 'a page that needs more memory than pages may have') : error;
}
