/** Reaches the one server of a cluster: the one that runs, or one that is started now. Any number of processes may try. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountOptions } from './embedded-account.ts';
import type { Cluster } from './embedded-cluster.ts';
import { enter, type Entry } from './embedded-entry.ts';
import { defuse, identify, readPidFile } from './postmaster.ts';
import type { Link } from './link.ts';

/** Longest wait (ms) for a server that says nothing; one that says it is starting up gets as long as it needs. */
const silentMs = 30_000;
const pollMs = 50;

/** A server that was reached, and the connection that shows others that it is in use. */
export interface Reached {
  port: number;
  presence: Link;
}

/** With `onlyPort` the server is started there or not at all: for those who have told others the address. */
export async function reachServer(cluster: Cluster, onlyPort?: number): Promise<Reached> {
  let child: ChildProcess | null = null;
  let port = onlyPort ?? (await lastPort(cluster));
  for (let quietSince = performance.now(); performance.now() - quietSince < silentMs; await sleep(pollMs)) {
    const entry = await tryRunning(cluster);
    if (entry.kind === 'entered') return { port: entry.port, presence: entry.presence };
    if (entry.kind === 'refused') throw new Error(entry.reason);
    if (entry.kind === 'starting') quietSince = performance.now();
    if (entry.kind !== 'none') continue;

    if (child === null) {
      port ??= await freePort();
      child = await startPostgres(cluster, port);
    } else if (child.exitCode !== null || child.signalCode !== null) {
      const why = await whyEnded(cluster, child);
      if (why === 'failed') throw new Error(await startFailure(cluster));
      if (why === 'port taken' && onlyPort === undefined) port = await freePort();
      // After kill -9 of a server, its orphans hold the shared memory for a moment.
      await sleep(200);
      child = null;
    }
  }
  throw new Error(await startFailure(cluster));
}

async function tryRunning(cluster: Cluster): Promise<Entry | { kind: 'none' }> {
  const file = await readPidFile(cluster.folder);
  if (file === null) return { kind: 'none' };
  if (file === 'unreadable') {
    await defuse(cluster.folder, file);
    return { kind: 'none' };
  }
  const identity = await identify(file.pid, cluster.folder);
  if (identity === 'gone') return { kind: 'none' };
  if (identity === 'server') return enter(cluster, file.port);
  if (identity === 'unclear') {
    const entry = await enter(cluster, file.port);
    if (entry.kind !== 'refused') return entry;
  }
  await defuse(cluster.folder, file);
  return { kind: 'none' };
}

/**
 * In a session of its own, so that Ctrl-C and the end of a terminal do not reach it: it outlives us until the last user
 * says goodbye. Settings are given here, not in the folder, so that a new version's hold for old folders too.
 */
async function startPostgres(cluster: Cluster, port: number): Promise<ChildProcess> {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
    max_wal_size: '256MB',
    log_checkpoints: 'off',
    lc_messages: 'C',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(cluster.logFile, 'a', 0o600);
  try {
    const child = spawn(join(cluster.binaries, 'bin', 'postgres'), ['-D', cluster.folder, ...flags], {
      ...accountOptions(cluster.account),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    });
    await once(child, 'spawn');
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Every line of the server's own log begins with a time and its process number. */
async function whyEnded(cluster: Cluster, child: ChildProcess): Promise<'raced' | 'port taken' | 'failed'> {
  const lines = (await logTail(cluster, 200)).filter((line) => line.includes(`[${child.pid}]`)).join('\n');
  if (/lock file "postmaster.pid"|pre-existing shared memory block/.test(lines)) return 'raced';
  if (/could not bind|could not create any TCP\/IP sockets/.test(lines)) return 'port taken';
  // Stopped by the last user of before, just as we came, or killed by somebody.
  return child.exitCode === 0 || child.signalCode !== null ? 'raced' : 'failed';
}

async function startFailure(cluster: Cluster): Promise<string> {
  const lines = (await logTail(cluster, 8)).join('\n');
  return (
    `The bundled Postgres in ${cluster.folder} did not start. Without it nothing can be stored. ` +
    'See that the disk has room and what its log says, or set DATABASE_URL to a server of yours. ' +
    `The last lines of ${cluster.logFile}:\n${lines}`
  );
}

async function logTail(cluster: Cluster, count: number): Promise<string[]> {
  const text = await readFile(cluster.logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count);
}

/** The port of last time, so that an address somebody wrote down stays right. */
async function lastPort(cluster: Cluster): Promise<number | null> {
  const text = await readFile(join(cluster.folder, 'postmaster.opts'), 'utf8').catch(() => '');
  const port = /"port=(\d+)"/.exec(text)?.[1];
  return port === undefined ? null : Number(port);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
