/** As whom the bundled Postgres runs: it refuses to be root, so root lends it a smaller account. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A user by numbers, as `spawn` takes them. */
export interface Account {
  uid: number;
  gid: number;
  home: string;
}

/** Null: as whoever we are. For root: the owner of a cluster that exists, else `postgres`, else `nobody`. */
export async function chooseAccount(cluster: string): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(cluster).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, home: '/' };
  for (const name of ['postgres', 'nobody']) {
    const uid = await numberOf('-u', name);
    const gid = await numberOf('-g', name);
    if (uid && gid !== null) return { uid, gid, home: '/' };
  }
  throw new Error(
    'The bundled Postgres cannot run as root, and there is neither a user `postgres` nor `nobody` to run it as. ' +
      'Start Rescrape as a normal user, add a user `postgres`, or set DATABASE_URL to a server of yours.',
  );
}

/** What a child of ours gets to see: enough to run, and none of our secrets. */
export function accountOptions(account: Account | null): {
  uid?: number;
  gid?: number;
  env: NodeJS.ProcessEnv;
  cwd: string;
} {
  const windows = process.platform === 'win32';
  const env = {
    ...(windows ? { SystemRoot: 'C:\\Windows' } : { PATH: '/usr/bin:/bin' }),
    HOME: account?.home ?? homedir(),
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  return {
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    env,
    cwd: windows ? '.' : '/',
  };
}

/** Whether the account can enter a folder; asked of the system itself, as modes do not tell all. */
export async function canEnter(account: Account | null, folder: string): Promise<boolean> {
  if (!account) return true;
  return run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], accountOptions(account)).then(
    () => true,
    () => false,
  );
}

async function numberOf(flag: '-u' | '-g', name: string): Promise<number | null> {
  const answer = await run('id', [flag, name]).catch(() => null);
  return answer ? Number(answer.stdout) : null;
}
