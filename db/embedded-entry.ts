/** Logs in to a server that might be ours and makes sure that it is. */
import { realpath } from 'node:fs/promises';
import type { Cluster } from './embedded-cluster.ts';
import { databaseFault, isTransient } from './errors.ts';
import { openLink, type Link } from './link.ts';

const deadlineMs = 5000;

/**
 * Held shared by everybody who uses the server, and taken alone by the one who stops it: whoever comes in that moment
 * waits for it until the server is gone, and then starts the next one.
 */
const presenceLock = `hashtextextended('rescrape presence', 0)`;

/** `starting` also while it shuts down: it says so itself. `silent`: no answer yet. */
export type Entry =
  | { kind: 'entered'; port: number; presence: Link }
  | { kind: 'starting' }
  | { kind: 'silent' }
  | { kind: 'refused'; reason: string };

/** The address programs are given. */
export function clusterUrl(cluster: Cluster, port: number, database = 'rescrape'): string {
  return `postgres://rescrape:${cluster.password}@127.0.0.1:${port}/${database}`;
}

/** Connects, checks that the server works on our folder, makes the database where it is missing and holds presence. */
export async function enter(cluster: Cluster, port: number): Promise<Entry> {
  const link = openEntry(cluster, port, 'rescrape');
  try {
    const text = `select current_setting('data_directory') as folder`;
    const [row] = await link.run({ text, deadlineMs });
    const folder = await realpath((row as { folder: string }).folder).catch(() => '');
    if (folder !== cluster.folder) {
      await link.end();
      return { kind: 'refused', reason: `The server on port ${port} works on another folder than ${cluster.folder}.` };
    }
    await link.run({ text: `select pg_advisory_lock_shared(${presenceLock})`, deadlineMs: 60_000 });
    return { kind: 'entered', port, presence: link };
  } catch (error) {
    link.destroy();
    return whyNot(cluster, port, error);
  }
}

async function whyNot(cluster: Cluster, port: number, error: unknown): Promise<Entry> {
  const code = databaseFault(error)?.code ?? '';
  if (code === '3D000') {
    await createDatabase(cluster, port);
    return { kind: 'starting' };
  }
  if (code === '28P01' || code === '28000') {
    return {
      kind: 'refused',
      reason:
        `The bundled database in ${cluster.folder} does not accept the password in postgres.password. ` +
        'Put the right file back, or move the folder away to begin with an empty database.',
    };
  }
  if (code === '57P03') return { kind: 'starting' };
  if (isTransient(error)) return { kind: 'silent' };
  throw error;
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  const link = openEntry(cluster, port, 'postgres');
  try {
    await link.run({ text: 'create database rescrape', deadlineMs: 30_000 });
  } catch (error) {
    // Somebody else makes it right now, or the server went away: both show at the next try.
    const code = databaseFault(error)?.code ?? '';
    if (!['42P04', '23505', '55006'].includes(code) && !isTransient(error)) throw error;
  } finally {
    await link.end();
  }
}

function openEntry(cluster: Cluster, port: number, database: string): Link {
  return openLink({
    url: clusterUrl(cluster, port, database),
    parameters: { application_name: 'rescrape presence' },
    admission: () => Promise.resolve(),
  });
}

/**
 * Whether the server may be stopped: nobody else is present and, after a short moment for those who are just leaving,
 * nobody else is connected. After a yes, newcomers wait until the server is gone.
 */
export async function isLastUser(presence: Link): Promise<boolean> {
  await presence.run({ text: `select pg_advisory_unlock_shared(${presenceLock})`, deadlineMs });
  const [row] = await presence.run({ text: `select pg_try_advisory_lock(${presenceLock}) as alone`, deadlineMs });
  if (!(row as { alone: boolean }).alone) return false;
  for (let tries = 0; tries < 10; tries++) {
    const text = `select count(*)::int as others, count(*) filter (where wait_event = 'advisory')::int as newcomers
                  from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;
    const [found] = await presence.run({ text, deadlineMs });
    const { others, newcomers } = found as { others: number; newcomers: number };
    if (newcomers > 0) return false;
    if (others === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
