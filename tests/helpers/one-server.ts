/** One Postgres for the whole run, and in it one migrated database that every test file copies. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { startEmbedded } from '#db/embedded.ts';
import { explainDatabaseError } from '#db/explain.ts';
import { stderrLog } from '#db/log.ts';
import { migrate } from '#db/migrate.ts';
import { createDatabase, dropDatabase } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server's address, with the right to create databases. */
    serverUrl: string;
    /** The name of the migrated database. */
    template: string;
  }
}

/** Starts the embedded server, or takes the one TEST_DATABASE_URL names, and says in words why when it cannot. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const refuse = (error: unknown): never => {
    const where = given ? 'TEST_DATABASE_URL was given. ' : '';
    throw new Error(
      `No tests were run, for there is no database for them. ${where}${explainDatabaseError(error, given)}`,
    );
  };
  const server = await startServer(given).catch(refuse);
  const template = `rescrape_template_${process.pid}`;
  try {
    await migrate(await createDatabase(server.url, template));
  } catch (error) {
    await server.stop();
    refuse(error);
  }
  project.provide('serverUrl', server.url);
  project.provide('template', template);
  return async () => {
    await dropDatabase(server.url, template);
    await server.stop();
  };
}

interface Server {
  url: string;
  stop(): Promise<void>;
}

async function startServer(given: string | undefined): Promise<Server> {
  if (given) return { url: given, stop: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-tests-'));
  // Run by root, the server has a smaller account, which has to get in here.
  await chmod(folder, 0o755);
  const quiet = { info: () => {}, warn: stderrLog.warn };
  const embedded = await startEmbedded(folder, quiet);
  await withoutSync(embedded.url);
  return {
    url: embedded.url,
    async stop() {
      await endSessions(embedded.url);
      await embedded.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Nothing of a test run has to survive a power cut. */
async function withoutSync(url: string): Promise<void> {
  await using database = openDatabase(url);
  await database.db.execute(sql`alter system set fsync = off`);
  await database.db.execute(sql`select pg_reload_conf()`);
}

/** Whatever tests left connected must not keep the server alive. */
async function endSessions(url: string): Promise<void> {
  await using database = openDatabase(url);
  await database.db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> 'rescrape presence'`);
}
