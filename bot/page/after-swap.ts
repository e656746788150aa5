/** Runs the team's own command after the page has changed, for instance one that copies it to another web server. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '#bot/log.ts';

/** Longest time the command may take, milliseconds. */
const LONGEST_MS = 10 * 60_000;

/** A command that runs after swaps, never twice at once. */
export interface AfterSwap {
  /** What changed meanwhile is handed to the next run, all together. */
  changed(paths: readonly string[]): void;
  /** Ends a run that is under way. */
  stop(): Promise<void>;
}

/**
 * The command gets `STATUS_DIR` (the plain files are in its `current/`) and `STATUS_CHANGED`, a file that names those
 * that changed, one a line, relative to `current/`. Its failure is logged; what it was to publish is tried again with
 * the next swap.
 */
export function createAfterSwap(parts: {
  command: readonly [string, ...string[]];
  statusDir: string;
  log: Pick<Log, 'debug' | 'warn'>;
}): AfterSwap {
  const { command, statusDir, log } = parts;
  const stopping = new AbortController();
  const list = join(statusDir, 'changed.txt');
  let waiting = new Set<string>();
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (waiting.size > 0 && !stopping.signal.aborted) {
      const paths = waiting;
      waiting = new Set();
      const why = await publish([...paths]);
      if (why === null) {
        log.debug({ files: paths.size }, 'the publish command has run');
        continue;
      }
      log.warn(
        { program: command[0], why },
        'the publish command failed; it runs again with the next change of the page',
      );
      waiting = new Set([...paths, ...waiting]);
      return;
    }
  }

  async function publish(paths: string[]): Promise<string | null> {
    await writeFile(list, paths.map((path) => `${fileOf(path)}\n`).join(''));
    return new Promise((resolve) => {
      // By way of `env`, which adds to the environment without our having to read it.
      const args = [`STATUS_DIR=${statusDir}`, `STATUS_CHANGED=${list}`, ...command];
      const options = { timeout: LONGEST_MS, signal: stopping.signal };
      execFile('env', args, options, (error) => resolve(error === null ? null : whyOf(error)));
    });
  }

  return {
    changed(paths) {
      for (const path of paths) waiting.add(path);
      running ??= run().finally(() => (running = null));
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function fileOf(path: string): string {
  return path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1);
}

/** How it ended; what it printed may hold anything. */
function whyOf(error: Error & { code?: number | string | null; signal?: string | null; killed?: boolean }): string {
  if (error.killed === true) return 'it took too long';
  if (typeof error.code === 'number') return `it ended with status ${error.code}`;
  return error.code ?? error.signal ?? error.name;
}
