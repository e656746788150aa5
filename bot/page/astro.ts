/** Runs Astro in a process of its own, so that its memory goes when it is done. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PageError } from './page-error.ts';

const astro = join(dirname(createRequire(import.meta.url).resolve('astro/package.json')), 'bin/astro.mjs');

/** Longest build, milliseconds: it takes two or three seconds. */
const LONGEST_MS = 120_000;

/** Longest end of Astro's output that is kept, characters. */
const OUTPUT_KEPT = 16_000;

/** Rejects with a PageError that says in one line why Astro failed. */
export function runAstro(args: readonly string[], cwd: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new PageError(why));
    const child = spawn(process.execPath, [astro, ...args], {
      cwd,
      // Nothing of our own environment: what is not there cannot get into a page.
      env: { ASTRO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NO_COLOR: '1', CI: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // In a process group of its own: Ctrl-C is for the bot, which ends the build itself.
      detached: process.platform !== 'win32',
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
      ...(signal ? { signal } : {}),
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (!signal?.aborted) output += `\nAstro could not be started (${error.code ?? error.name}).`;
    });
    child.on('close', (code) => {
      if (code === 0) return resolve();
      if (signal?.aborted) return fail('The build was stopped.');
      if (child.killed) return fail(`The build took more than ${LONGEST_MS / 1000} s and was ended.`);
      fail(lastWords(output) || `Astro ended with status ${code} and said nothing.`);
    });
  });
}

/** The last line that says what happened: no stack, no place, no address with a password, at most 300 characters. */
export function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => /^\S/.test(line) && !/^Node\.js v\d/.test(line));
  return (lines.at(-1) ?? '')
    .replace(/:\/\/[^\s/@]*@/g, '://***@')
    .slice(0, 300)
    .toWellFormed();
}
