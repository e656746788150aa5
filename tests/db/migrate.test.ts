import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openDatabase, type Db } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { databaseFault } from '#db/errors.ts';
import { migrate } from '#db/migrate.ts';
import { scratchDatabase } from '../helpers/database.ts';
import { fakePostgres } from '../helpers/fake-postgres.ts';

const child = fileURLToPath(new URL('../helpers/migrate-child.ts', import.meta.url));

async function migrations(...files: string[]): Promise<AsyncDisposable & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-migrations-'));
  await mkdir(join(folder, 'meta'));
  const entries = files.map((_, idx) => ({ idx, version: '7', when: idx + 1, tag: `000${idx}`, breakpoints: true }));
  const journal = { version: '7', dialect: 'postgresql', entries };
  await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify(journal));
  for (const [at, text] of files.entries()) await writeFile(join(folder, `000${at}.sql`), text);
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function refusal(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => databaseFault(error)?.code,
  );
}

function tables(db: Db) {
  return db.execute(sql`select table_schema, table_name from information_schema.tables
                        where table_schema in ('public', 'status') order by 1, 2`);
}

test('five processes that migrate an empty database at once run each migration once', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  await using steps = await migrations(
    'create table counter as select 1 as count',
    'select pg_sleep(0.2); update counter set count = count + 1',
    'update counter set count = count + 1',
  );
  const run = promisify(execFile);
  await Promise.all(Array.from({ length: 5 }, () => run(process.execPath, [child, scratch.url, steps.folder])));
  expect(await scratch.db.execute(sql`select count from counter`)).toEqual([{ count: 3 }]);
  expect(await scratch.db.execute(sql`select id from drizzle.__drizzle_migrations`)).toHaveLength(3);
});

test('the migrations of this version run on an empty database, and again change nothing', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  await migrate(scratch.database);
  const made = await tables(scratch.db);
  expect(made.length).toBeGreaterThan(10);
  await migrate(scratch.url);
  expect(await tables(scratch.db)).toEqual(made);
});

test('a migration that fails leaves nothing behind, and runs when it is right', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  await using wrong = await migrations('create table fine (id int)', 'create table wrong (id no_such_type)');
  await expect(migrate(scratch.database, { folder: wrong.folder })).rejects.toMatchObject({ cause: { code: '42704' } });
  expect(await tables(scratch.db)).toEqual([]);
  await using right = await migrations('create table fine (id int)', 'create table wrong (id int)');
  await migrate(scratch.database, { folder: right.folder });
  expect(await tables(scratch.db)).toHaveLength(2);
});

test('who waits for another’s migration for too long says so', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  await using other = openDatabase(scratch.url);
  await using lock = await other.tryLock('rescrape migrations');
  expect(lock).not.toBeNull();
  await expect(migrate(scratch.database, { waitMs: 100 })).rejects.toThrow('Another process');
});

test('a server that is too old is refused in a sentence', async () => {
  await using old = await fakePostgres('major', 14);
  await expect(migrate(old.url)).rejects.toThrow('PostgreSQL 14, but Rescrape needs 15');
});

test('the read-only role sees the views of the status page and nothing else', async () => {
  await using scratch = await scratchDatabase();
  const { db } = scratch;
  const asReader = (text: string) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`set local role rescrape_reader`);
      return tx.execute(sql.raw(text));
    });
  const made = await tables(db);
  expect(made.length).toBeGreaterThan(10);
  for (const row of made) {
    const [schema, name] = [String(row['table_schema']), String(row['table_name'])];
    const read = asReader(`select * from ${schema}.${name}`);
    if (schema === 'status') await read;
    else expect([name, await refusal(read)]).toEqual([name, '42501']);
  }
  for (const forbidden of [
    `insert into status.runs default values`,
    `create table public.x ()`,
    `create table status.x ()`,
  ]) {
    expect(await refusal(asReader(forbidden))).toBe('42501');
  }
});

test('an owner who may not make roles is warned, with the remedy, and migrated all the same', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  const owner = `rescrape_owner_${randomBytes(4).toString('hex')}`;
  await scratch.db.execute(sql.raw(`create role ${owner} login password 'secret'`));
  const url = new URL(scratch.url);
  await scratch.db.execute(sql.raw(`alter database ${url.pathname.slice(1)} owner to ${owner}`));
  url.username = owner;
  url.password = 'secret';
  const warnings: unknown[] = [];
  await migrate(url.href, { log: { warn: (fields) => warnings.push(fields) } });
  expect(warnings).toEqual([{ remedy: 'grant rescrape_reader to current_user' }]);
  expect((await tables(scratch.db)).length).toBeGreaterThan(10);
  await scratch.db.execute(sql.raw(`reassign owned by ${owner} to current_user`));
  await scratch.db.execute(sql.raw(`drop owned by ${owner}`));
  await scratch.db.execute(sql.raw(`drop role ${owner}`));
});
