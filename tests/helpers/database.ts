/** A database of one's own for each test file: a copy of the migrated one, dropped at the end. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, inject } from 'vitest';
import { openDatabase, type Database, type DatabaseOptions, type Db } from '#db/client.ts';
import { expectUnbroken, invariants } from './invariants.ts';
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
  /** Another server than that of all tests, and its migrated database. */
  server?: { url: string; template: string };
  /** Rules of tests/invariants.sql that are broken here on purpose, by name, each with the reason; `all` is all of them. */
  breaks?: Readonly<Record<string, string>>;
}

/**
 * For a whole test file: call it at the top level; it is closed and dropped after the file's last test. After each test
 * the rules of tests/invariants.sql must hold.
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const scratch = await openScratch(options);
  afterEach(() => checkInvariants(scratch, options));
  afterAll(() => scratch[Symbol.asyncDispose]());
  return scratch;
}

/** For one test: `await using scratch = await scratchDatabase()`. At its end the rules of tests/invariants.sql must hold. */
export async function scratchDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const scratch = await openScratch(options);
  async function dispose(): Promise<void> {
    try {
      await checkInvariants(scratch, options);
    } finally {
      await scratch[Symbol.asyncDispose]();
    }
  }
  return { ...scratch, [Symbol.asyncDispose]: dispose };
}

async function checkInvariants(
  { url }: TestDatabase,
  { empty = false, breaks = {} }: TestDatabaseOptions,
): Promise<void> {
  const excused = new Set(Object.keys(breaks));
  if (empty || excused.has('all')) return;
  for (const name of excused) {
    if (!invariants.some((one) => one.name === name)) throw new Error(`tests/invariants.sql has no rule ${name}`);
  }
  // Of its own, as a test may have closed its connections or ended them.
  await using database = openDatabase(url, { max: 1, queryTimeoutMs: 30_000 });
  await expectUnbroken(database.db, excused);
}

async function openScratch(options: TestDatabaseOptions): Promise<TestDatabase> {
  const { empty = false, breaks: _, server, ...open } = options;
  const { url: serverUrl, template } = server ?? { url: inject('serverUrl'), template: inject('template') };
  const name = `rescrape_test_${randomBytes(6).toString('hex')}`;
  const url = await createDatabase(serverUrl, name, empty ? undefined : template);
  const database = openDatabase(url, { max: 4, ...open });
  async function dispose(): Promise<void> {
    await database.close();
    await dropDatabase(serverUrl, name);
  }
  return { url, database, db: database.db, [Symbol.asyncDispose]: dispose };
}
