/** A Postgres of one's own: to crash, to fill up, to give another environment. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { accountOptions } from '#db/embedded-account.ts';
import { ensureCluster } from '#db/embedded-cluster.ts';
import { clusterUrl } from '#db/embedded-entry.ts';
import { migrate } from '#db/migrate.ts';
import { createDatabase } from './server.ts';

/** A running server with a migrated database to copy; disposing stops it. */
export interface OwnServer extends AsyncDisposable {
  url: string;
  /** The name of its migrated database. */
  template: string;
  /** Ends it as a crash does: nothing is written any more, and every connection breaks. */
  crash(): Promise<void>;
  /** Starts it again, at the same address, and waits until it answers. */
  start(): Promise<void>;
}

/** Starts one in a folder, which is to be removed after it. */
export async function ownServer(
  folder: string,
  { env = {}, settings = {} }: { env?: Record<string, string>; settings?: Record<string, string> } = {},
): Promise<OwnServer> {
  const cluster = await ensureCluster(folder, { info: () => {}, warn: () => {} });
  const account = accountOptions(cluster.account);
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    fsync: 'off',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = clusterUrl(cluster, port, 'postgres');
  let child: ChildProcess;

  async function start(): Promise<void> {
    child = spawn(join(cluster.binaries, 'bin', 'postgres'), ['-D', cluster.folder, ...flags], {
      ...account,
      env: { ...account.env, ...env },
      stdio: 'ignore',
    });
    await untilItAnswers(url);
  }

  async function end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  await start();
  const template = 'rescrape_template';
  await migrate(await createDatabase(url, template));
  return {
    url,
    template,
    start,
    crash: () => end('SIGQUIT'),
    [Symbol.asyncDispose]: () => end('SIGINT'),
  };
}

async function untilItAnswers(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    await using database = openDatabase(url, { max: 1 });
    try {
      await database.db.execute(sql`select 1`);
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
