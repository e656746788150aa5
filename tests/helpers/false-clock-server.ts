/** A Postgres whose clock is moved by hand: whatever goes by the database's time goes by that. */
import { spawn } from 'node:child_process';
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
import { falseClock, type FalseClock } from './false-clock.ts';
import { serverFolder } from './server-user.ts';

export interface FalseClockServer extends AsyncDisposable {
  url: string;
  /** The name of its migrated database. */
  template: string;
  clock: FalseClock;
}

/** Starts one in a folder of its own, which is removed at the end. */
export async function falseClockServer(): Promise<FalseClockServer> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(await serverFolder());
  const clock = falseClock(folder.path, 'clock');
  const cluster = await ensureCluster(folder.path, { info: () => {}, warn: () => {} });
  const account = accountOptions(cluster.account);
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', timezone: 'UTC', fsync: 'off' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(cluster.binaries, 'bin', 'postgres'), ['-D', cluster.folder, ...flags], {
    ...account,
    env: { ...account.env, ...clock.env },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  started.defer(async () => {
    child.kill('SIGINT');
    await ended;
  });
  const url = clusterUrl(cluster, port, 'postgres');
  await untilItAnswers(url);
  const template = 'rescrape_template';
  await migrate(await createDatabase(url, template));
  const all = started.move();
  return { url, template, clock, [Symbol.asyncDispose]: () => all.disposeAsync() };
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
