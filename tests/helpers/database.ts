/** A database of one's own for each test file: a copy of the migrated one, dropped at the end. */
import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { openDatabase, type Database, type DatabaseOptions, type Db } from '#db/client.ts';
import { createDatabase, dropDatabase } from './server.ts';

/** An open database; disposing closes and drops it. */
export interface TestDatabase extends AsyncDisposable {
  url: string;
  database: Database;
  db: Db;
}

/** How the copy is opened, and what it is a copy of: `empty` has no tables. */
export interface TestDatabaseOptions extends DatabaseOptions {
  empty?: boolean;
}

/** For a whole test file: call it at the top level; it is closed and dropped after the file's last test. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const scratch = await scratchDatabase(options);
  afterAll(() => scratch[Symbol.asyncDispose]());
  return scratch;
}

/** For one test: `await using scratch = await scratchDatabase()`. */
export async function scratchDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { empty = false, ...open } = options;
  const serverUrl = inject('serverUrl');
  const name = `rescrape_test_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(serverUrl, name, empty ? undefined : inject('template'));
  const database = openDatabase(url, { max: 4, ...open });
  async function dispose(): Promise<void> {
    await database.close();
    await dropDatabase(serverUrl, name);
  }
  return { url, database, db: database.db, [Symbol.asyncDispose]: dispose };
}
