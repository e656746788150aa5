/** The bundled Postgres's folder on disk: made once, by however many processes come at the same time. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { accountOptions, canEnter, chooseAccount, type Account } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import type { DatabaseLog } from './log.ts';

const run = promisify(execFile);

const majorVersion = '18';
/** initdb takes seconds; a half-made database this old was given up, milliseconds. */
const HALF_MS = 10 * 60_000;

/** Root's place for what a smaller account has to reach when the project's own folder is closed to it. */
const systemFolder = '/var/lib/rescrape';

/** Everything needed to start and to reach the server. */
export interface Cluster {
  /** The data directory, symbolic links resolved. */
  folder: string;
  logFile: string;
  password: string;
  /** The folder of `bin/postgres`. */
  binaries: string;
  account: Account | null;
}

/** Finds the cluster below `dataDir`, or makes it. */
export async function ensureCluster(dataDir: string, log: DatabaseLog): Promise<Cluster> {
  const home = resolve(dataDir);
  try {
    return await prepare(home, log);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    throw new Error(
      `The data folder ${home} cannot be used (${String(error.code)}), and the bundled database lives there. ` +
        'Make it writable for this user, set DATA_DIR to another folder, or set DATABASE_URL to a server of yours.',
    );
  }
}

async function prepare(home: string, log: DatabaseLog): Promise<Cluster> {
  await mkdir(home, { recursive: true });
  const place = join(home, 'postgres');
  const account = await chooseAccount(place);
  const open = (await canEnter(account, home)) || (await openDoor(account, home));
  const binaries = await findBinaries(account, account ? makeSystemFolder : async () => home);
  const made = await hasCluster(place);
  const password = await ensurePassword(join(home, 'postgres.password'), made);
  if (!made) {
    const data = await initialise(open ? home : await makeSystemFolder(), binaries, account, password);
    await publish(data, place, open);
    const folder = await realpath(place);
    if (open) log.info({ folder }, 'made the database');
    else log.info({ folder, link: place }, 'made the database outside, as its account cannot enter the data folder');
  }
  await refuseOtherVersion(place);
  return { folder: await realpath(place), logFile: join(home, 'postgres.log'), password, binaries, account };
}

/** Where only our own folder is closed (a temporary one, say), others may walk through it from now on, but not look. */
async function openDoor(account: Account | null, home: string): Promise<boolean> {
  const { uid, mode } = await stat(home);
  if (uid !== process.getuid?.()) return false;
  await chmod(home, (mode & 0o777) | 0o011);
  if (await canEnter(account, home)) return true;
  await chmod(home, mode & 0o777);
  return false;
}

/** Several processes write at once: whoever links the file first decides, the others read it. */
async function ensurePassword(path: string, clusterExists: boolean): Promise<string> {
  const existing = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(
      `The password of the bundled database in ${path} cannot be read (${error.code}). ` +
        'The database was made by another user: run as that user, or set DATA_DIR to a folder of your own.',
    );
  });
  if (existing?.trim()) return existing.trim();
  if (clusterExists) {
    throw new Error(
      `The bundled database exists but its password file ${path} is gone, so nobody can log in. ` +
        'Put the file back, or move the folder `postgres` beside it away to begin with an empty database.',
    );
  }
  const half = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(half, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  await link(half, path).catch(async (error: NodeJS.ErrnoException) => {
    // Some file systems know no hard links.
    if (error.code !== 'EEXIST') await rename(half, path);
  });
  await unlink(half).catch(() => {});
  return (await readFile(path, 'utf8')).trim();
}

/** A start that was killed while it made its database leaves the half behind; what is old belongs to nobody. */
async function clearHalves(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!/^\.postgres-[0-9a-f]{8}$/.test(name)) continue;
    const { mtimeMs } = await stat(join(base, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > HALF_MS) await rm(join(base, name), { recursive: true, force: true });
  }
}

/** Runs initdb in a temporary folder; resolves to the finished data directory, which nobody knows of yet. */
async function initialise(base: string, binaries: string, account: Account | null, password: string): Promise<string> {
  await clearHalves(base);
  const half = join(base, `.postgres-${randomBytes(4).toString('hex')}`);
  const passwordFile = join(half, 'password');
  await mkdir(half, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [half, passwordFile]) await chown(path, account.uid, account.gid);
  const settings = [
    ['--pgdata', join(half, 'data')],
    ['--pwfile', passwordFile],
    ['--username', 'rescrape'],
    ['--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8'],
    // Without this the machine's LANG decides, and an empty one gives SQL_ASCII.
    ['--locale-provider', 'builtin'],
    ['--builtin-locale', 'C.UTF-8'],
    ['--locale', 'C'],
  ].map((pair) => pair.join('='));
  try {
    await run(join(binaries, 'bin', 'initdb'), [...settings, '--no-instructions'], accountOptions(account));
    await unlink(passwordFile);
    return join(half, 'data');
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    const { stderr = '', code } = error as { stderr?: string; code?: string | number };
    const lines = stderr.trim().split('\n').slice(-5).join('\n');
    throw new Error(
      `The bundled Postgres could not make its database in ${base} (${code}). ` +
        `See that there is room and that the folder is writable, or set DATABASE_URL. It said:\n${lines}`,
    );
  }
}

/** Moves the finished data directory to where it is looked for; the one who comes too late throws his away. */
async function publish(data: string, place: string, inPlace: boolean): Promise<void> {
  const half = join(data, '..');
  try {
    if (inPlace) await rename(data, place);
    else {
      const folder = join(systemFolder, randomBytes(6).toString('hex'));
      await rename(data, folder);
      await symlink(folder, place).catch(async (error: unknown) => {
        await rm(folder, { recursive: true, force: true });
        throw error;
      });
    }
  } catch (error) {
    if (await hasCluster(place)) return;
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `${place} is in the way of the bundled database (${code}): it exists and holds no database. ` +
        'Move it away and start again.',
    );
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

async function hasCluster(place: string): Promise<boolean> {
  return (await clusterVersion(place)) !== null;
}

async function clusterVersion(place: string): Promise<string | null> {
  return readFile(join(place, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw new Error(
        `The bundled database in ${place} cannot be read (${error.code}). ` +
          'It was made by another user: run as that user, or set DATA_DIR to a folder of your own.',
      );
    },
  );
}

async function refuseOtherVersion(place: string): Promise<void> {
  const version = await clusterVersion(place);
  if (version === majorVersion) return;
  throw new Error(
    `The database in ${place} was made by PostgreSQL ${version}, the bundled server is ${majorVersion}. ` +
      'Move the data over with pg_dump and psql, or set DATABASE_URL to a server that fits.',
  );
}

/** Whatever the umask, other accounts have to be able to walk through. */
async function makeSystemFolder(): Promise<string> {
  await mkdir(systemFolder, { recursive: true });
  await chmod(systemFolder, 0o755);
  return systemFolder;
}
