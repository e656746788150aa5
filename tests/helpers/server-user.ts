/** Processes that use a bundled server of their own, and the folders those live in. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('embedded-child.ts', import.meta.url));

/** A folder for one server; disposing stops what still runs in it and removes it. */
export interface ServerFolder extends AsyncDisposable {
  path: string;
}

export async function serverFolder(): Promise<ServerFolder> {
  const path = await mkdtemp(join(tmpdir(), 'rescrape-embedded-'));
  await chmod(path, 0o755);
  return {
    path,
    async [Symbol.asyncDispose]() {
      const cluster = await realpath(join(path, 'postgres')).catch(() => null);
      const pid = await postmasterPid(path).catch(() => null);
      if (pid !== null && (await stateOf(pid)) === 'alive') process.kill(pid, 'SIGQUIT');
      if (cluster !== null) await rm(cluster, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** What a child said on its first line. */
export interface Answer {
  url: string;
  error: string;
  notes: unknown[];
}

export interface ServerUser extends AsyncDisposable {
  child: ChildProcess;
  answer: Answer;
  /** Says goodbye to the server and waits for the end of the process. */
  release(): Promise<void>;
}

/** Starts a process that starts or reaches the server of the folder. */
export async function serverUser(folder: string, options: SpawnOptions = {}, ...args: string[]): Promise<ServerUser> {
  const child = spawn(process.execPath, [script, folder, ...args], { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => [JSON.stringify({ error: `ended with ${code}` })]),
  ])) as [string];
  async function end(act: () => void): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    act();
    await exited;
  }
  return {
    child,
    answer: JSON.parse(line) as Answer,
    release: () => end(() => child.stdin.write('release\n')),
    [Symbol.asyncDispose]: () => end(() => child.kill('SIGKILL')),
  };
}

/** The number in postmaster.pid. */
export async function postmasterPid(folder: string): Promise<number> {
  return Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** What became of a process. A zombie has ended; where nobody collects orphans it stays one. */
export async function stateOf(pid: number): Promise<'alive' | 'zombie' | 'gone'> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (text === '') return 'gone';
  return /\) [ZX] /.test(text) ? 'zombie' : 'alive';
}
