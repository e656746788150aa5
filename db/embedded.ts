/** A real Postgres for those who have none: started when needed, shared by all processes of one data folder. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCluster, type Cluster } from './embedded-cluster.ts';
import { clusterUrl, isLastUser } from './embedded-entry.ts';
import { reachServer, type Reached } from './embedded-server.ts';
import type { DatabaseLog } from './log.ts';
import { identify, readPidFile } from './postmaster.ts';

/** A server in use. */
export interface Embedded extends AsyncDisposable {
  url: string;
  /** Says that we need it no more; the last one to do so stops it, and waits for that. */
  release(): Promise<void>;
}

const stopMs = 30_000;

/**
 * Reaches or starts the server of `dataDir`: cluster in `postgres`, log in `postgres.log`, password in
 * `postgres.password`. A process that is killed leaves it running for the next one. When the server dies while we use
 * it, it is started again at the same address. Errors say what to do.
 */
export async function startEmbedded(dataDir: string, log: DatabaseLog): Promise<Embedded> {
  const cluster = await ensureCluster(dataDir, log);
  const released = new AbortController();
  let reached = await reachServer(cluster);
  const { port } = reached;
  const watching = keepRunning();

  async function keepRunning(): Promise<void> {
    for (;;) {
      await gone(reached, released.signal);
      for (let wait = 200; !released.signal.aborted && reached.presence.lost.aborted; wait = Math.min(wait * 2, 5000)) {
        try {
          reached = await reachServer(cluster, port);
        } catch {
          log.warn({ folder: cluster.folder, log: cluster.logFile }, 'the database is gone and does not come back');
          await sleep(wait, undefined, { signal: released.signal }).catch(() => {});
        }
      }
      if (released.signal.aborted) return;
    }
  }

  let leaving: Promise<void> | null = null;
  async function leave(): Promise<void> {
    released.abort();
    await watching;
    await stopWhenLast(cluster, reached, log);
  }
  const release = (): Promise<void> => (leaving ??= leave());

  return { url: clusterUrl(cluster, port), release, [Symbol.asyncDispose]: release };
}

function gone({ presence }: Reached, released: AbortSignal): Promise<void> {
  const over = AbortSignal.any([presence.lost, released]);
  if (over.aborted) return Promise.resolve();
  return new Promise((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
}

async function stopWhenLast(cluster: Cluster, { presence }: Reached, log: DatabaseLog): Promise<void> {
  try {
    if (presence.lost.aborted || !(await isLastUser(presence))) return;
    const file = await readPidFile(cluster.folder);
    if (file === null || file === 'unreadable') return;
    // A fast shutdown: sessions end, everything is written. Windows knows no signals; there it keeps running.
    if (process.platform === 'win32') return;
    process.kill(file.pid, 'SIGINT');
    for (const began = performance.now(); performance.now() - began < stopMs; await sleep(20)) {
      const identity = await identify(file.pid, cluster.folder);
      if (identity !== 'server' && identity !== 'unclear') return;
    }
    log.warn({ pid: file.pid, log: cluster.logFile }, 'the database is still shutting down');
  } catch {
    // Whoever stopped it before us, or a server that does not answer: the next start sees to it.
  } finally {
    await presence.end();
  }
}
