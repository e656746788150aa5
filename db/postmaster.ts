/** Reads what a running Postgres says of itself in postmaster.pid, and judges whether that process is really it. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, link, readFile, readlink, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** No process has this number: Linux stops at 4,194,304. */
const impossiblePid = 2_147_483_646;

/** Files younger than this may still be being written. */
const settledMs = 3000;

/** `postmaster.pid`, as far as it could be read; `text` is what was judged. */
export interface PidFile {
  text: string;
  pid: number;
  port: number;
}

/**
 * `server`: a Postgres on our folder. `unclear`: alive, but this system does not say more; connecting will tell.
 * `gone`, `zombie` and `foreign` (the number was given to another program) must not keep a server from starting.
 */
export type Identity = 'gone' | 'zombie' | 'foreign' | 'server' | 'unclear';

/** Null when there is no file, `unreadable` while it is being written or when a crash left it empty. */
export async function readPidFile(cluster: string): Promise<PidFile | 'unreadable' | null> {
  const text = await readFile(pidFilePath(cluster), 'utf8').catch(nullWhenMissing);
  if (text === null) return null;
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port ? { text, pid, port } : 'unreadable';
}

/** Who has this process number now. A number alone proves nothing: it may be a zombie's, or given away again. */
export async function identify(pid: number, cluster: string): Promise<Identity> {
  if (pid === impossiblePid || !exists(pid)) return 'gone';
  if (process.platform === 'linux') return identifyByProc(pid, cluster);
  if (process.platform === 'win32') return 'unclear';
  const { stdout } = await run('ps', ['-ww', '-o', 'state=,command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  const line = stdout.trim();
  if (line === '') return 'gone';
  if (line.startsWith('Z')) return 'zombie';
  return line.includes(cluster) && line.includes('postgres') ? 'server' : 'foreign';
}

async function identifyByProc(pid: number, cluster: string): Promise<Identity> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name in parentheses may hold anything, so the state is what follows the last one.
  const state = status?.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3);
  if (state === undefined) return exists(pid) ? 'unclear' : 'gone';
  if (state === 'Z' || state === 'X') return 'zombie';
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  if (!words[0]?.includes('postgres')) return words[0] === '' ? 'unclear' : 'foreign';
  const folders = [...words.slice(1), await readlink(`/proc/${pid}/cwd`).catch(() => '')];
  for (const folder of folders.filter((word) => word.startsWith('/'))) {
    if ((await realpath(folder).catch(() => folder)) === cluster) return 'server';
  }
  return 'foreign';
}

/**
 * Keeps a stale postmaster.pid from stopping a start: its process number is replaced by one that cannot exist. The rest
 * stays, so that Postgres still looks whether orphans of the old server hold its shared memory. The file is first moved
 * aside, which only one process can do, and put back untouched when it is no longer the one that was judged.
 */
export async function defuse(cluster: string, judged: PidFile | 'unreadable'): Promise<void> {
  const path = pidFilePath(cluster);
  if (judged === 'unreadable') {
    const file = await stat(path).catch(() => null);
    if (!file || Date.now() - file.mtimeMs < settledMs) return;
  }
  const aside = `${path}.stale-${randomBytes(4).toString('hex')}`;
  const before = await stat(path).catch(() => null);
  if (
    !before ||
    (await rename(path, aside).then(
      () => false,
      () => true,
    ))
  )
    return;
  const text = await readFile(aside, 'utf8');
  const same = judged === 'unreadable' ? !text.includes('\n') : text === judged.text;
  if (same) {
    if (judged !== 'unreadable') {
      const harmless = `${aside}.new`;
      await writeFile(harmless, text.replace(/^\d+/, String(impossiblePid)), { mode: 0o600 });
      await adopt(harmless, before);
      await link(harmless, path).catch(() => {});
      await unlink(harmless);
    }
  } else {
    await link(aside, path).catch(() => {});
  }
  await unlink(aside);
}

/** Started by root, the server runs as somebody else, who has to be able to rewrite the file. */
async function adopt(path: string, like: { uid: number; gid: number }): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await chown(path, like.uid, like.gid);
}

function pidFilePath(cluster: string): string {
  return join(cluster, 'postmaster.pid');
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
