/** Databases of a server, made and dropped. */
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { databaseFault, withRetries } from '#db/errors.ts';

/** Makes a database, empty or as a copy, and answers its address. */
export async function createDatabase(serverUrl: string, name: string, template?: string): Promise<string> {
  await using server = openDatabase(serverUrl, { max: 1, queryTimeoutMs: 30_000 });
  const from = sql.identifier(template ?? 'template0');
  await untilFree(() => server.db.execute(sql`create database ${sql.identifier(name)} template ${from}`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops a database with whoever is still connected to it. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await using server = openDatabase(serverUrl, { max: 1, queryTimeoutMs: 30_000 });
  await withRetries(() => server.db.execute(sql`drop database if exists ${sql.identifier(name)} with (force)`));
}

/** A template may be copied by one at a time. */
async function untilFree(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (databaseFault(error)?.code !== '55006' || tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
