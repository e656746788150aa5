/** What several lines share: a Postgres server and databases of its own, opened when first needed and closed at the end. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createDatabase } from '../helpers/server.ts';

const open = new AsyncDisposableStack();
let server: Promise<string> | null = null;

/** Closed when the bench is over. */
export function keep<T extends AsyncDisposable>(resource: T): T {
  return open.use(resource);
}

/** An empty folder that is gone when the bench is over. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rescrape-bench-'));
  // Run by root, the bundled database has a smaller account, which has to get in here.
  await chmod(path, 0o755);
  open.defer(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The address of the bench's own Postgres server: the bundled one, with its usual settings. */
export function serverUrl(): Promise<string> {
  return (server ??= startServer());
}

async function startServer(): Promise<string> {
  const embedded = await startEmbedded(await folder(), { info() {}, warn: console.warn });
  open.defer(() => embedded.release());
  return embedded.url;
}

let databases = 0;

/** A new database with all tables and nothing in them; it goes with the server. */
export async function newDatabase(): Promise<string> {
  databases += 1;
  const url = await createDatabase(await serverUrl(), `rescrape_bench_${databases}`);
  await migrate(url);
  return url;
}

/** A copy of one of them, which nobody may be connected to meanwhile. */
export async function copyOf(url: string): Promise<string> {
  databases += 1;
  return createDatabase(await serverUrl(), `rescrape_bench_${databases}`, new URL(url).pathname.slice(1));
}

/** Ends everything. */
export async function closeWorld(): Promise<void> {
  await open.disposeAsync();
}
