/** Builds the status page: Astro in a process of its own, so that its memory goes when it is done. */
import { spawn } from 'node:child_process';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const astro = join(dirname(createRequire(import.meta.url).resolve('astro/package.json')), 'bin/astro.mjs');
const modules = join(dirname(astro), '../..');

/** Longest build, milliseconds: a build of 200 chains takes two or three seconds. */
const LONGEST_MS = 120_000;

/** Longest end of Astro's output that is kept, characters. */
const OUTPUT_KEPT = 16_000;

/** The page was not built; the message is one line, and holds no secret. */
export class SiteBuildError extends Error {
  override name = 'SiteBuildError';
}

/**
 * Builds the page from the database into `<folder>/site` and answers that path. `folder` is empty and ours alone: Astro
 * writes types, caches and half-built programs beside its sources and into its working folder, where two builds would
 * meet, and where an installation that may not be written to would refuse. So it gets a copy of the page's sources.
 */
export async function buildSite(wanted: {
  databaseUrl: string;
  folder: string;
  signal?: AbortSignal;
}): Promise<string> {
  const { databaseUrl, signal } = wanted;
  const folder = resolve(wanted.folder);
  const site = join(folder, 'site');
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await cp(join(root, 'status-page'), join(folder, 'status-page'), { recursive: true, filter: isSource });
  await symlink(join(root, 'db'), join(folder, 'db'), 'junction');
  await symlink(modules, join(folder, 'node_modules'), 'junction');
  const outcome = await run(['build', '--root', 'status-page', '--outDir', site], folder, databaseUrl, signal);
  if (outcome !== null) throw new SiteBuildError(outcome);
  return site;
}

function isSource(path: string): boolean {
  return !/[\\/](?:\.astro|node_modules|dist)$/.test(path);
}

/** Resolves to null when Astro succeeded, else to the reason in one line. */
function run(
  args: readonly string[],
  cwd: string,
  databaseUrl: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [astro, ...args], {
      cwd,
      env: childEnvironment(databaseUrl),
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
      if (code === 0) return settle(null);
      if (signal?.aborted) return settle('The build was stopped.');
      if (child.killed) return settle(`The build took more than ${LONGEST_MS / 1000} s and was ended.`);
      settle(lastWords(output, databaseUrl) || `Astro ended with status ${code} and said nothing.`);
    });
  });
}

/** Nothing of our own environment: what is not there cannot get into a page. */
function childEnvironment(databaseUrl: string): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databaseUrl,
    ASTRO_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
    NO_COLOR: '1',
    CI: '1',
  };
}

/** The last line that says what happened: no stack, no place, no secret, at most 300 characters. */
export function lastWords(output: string, databaseUrl: string): string {
  const lines = output.split('\n').filter((line) => /^\S/.test(line) && !/^Node\.js v\d/.test(line));
  return redact(lines.at(-1) ?? '', databaseUrl)
    .slice(0, 300)
    .toWellFormed();
}

function redact(text: string, databaseUrl: string): string {
  let safe = text.replaceAll(databaseUrl, 'DATABASE_URL').replace(/:\/\/[^\s/@]*@/g, '://***@');
  for (const secret of passwords(databaseUrl)) safe = safe.replaceAll(secret, '***');
  return safe;
}

function passwords(databaseUrl: string): string[] {
  if (!URL.canParse(databaseUrl)) return [];
  const { password, searchParams } = new URL(databaseUrl);
  const written = [password, searchParams.get('password') ?? ''].filter((secret) => secret !== '');
  return written.flatMap((secret) => [secret, decoded(secret)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
