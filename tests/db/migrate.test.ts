import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openDatabase, type Db } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { databaseFault } from '#db/errors.ts';
import { migrate } from '#db/migrate.ts';
import { storeRecords } from '#db/records.ts';
import { scratchDatabase } from '../helpers/database.ts';
import { fakePostgres } from '../helpers/fake-postgres.ts';
import { anEvent, aPrice } from '../helpers/odds.ts';

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
  const link = other.connect();
  await link.run({ text: `select pg_advisory_lock(hashtextextended('rescrape migrations', 0))`, deadlineMs: 5_000 });
  await expect(migrate(scratch.database, { waitMs: 100 })).rejects.toThrow('Another process');
  await link.end();
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

test('events of before, one row per book, become matches with their books, and no price is lost', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  await using before = await firstMigrations(3);
  await migrate(scratch.database, { folder: before.folder });
  await scratch.db.execute(sql`
    insert into events (platform, country, source_id, sportradar_id, genius_id, home, away, sport, competition, kickoff,
                        live, first_seen_at)
    select platform, 'ng', source_id, sr, genius, home, 'Away', 'football', 'League', now(), false, now() - age
    from (values ('sportybet', 'a', '1', null, 'Home FC', interval '3 days'), ('bet9ja', 'b', '1', null, 'Home', '2 days'),
                 ('betpawa', 'c', '2', '9', 'Other', '1 day'), ('sportybet', 'd', null, '9', 'Other FC', '1 day'),
                 ('bet9ja', 'e', null, null, 'Alone', '1 day'), ('sportybet', 'f', null, '7', 'Genius', '1 day'),
                 ('betpawa', 'g', null, '7', 'Genius FC', '1 day'))
      v (platform, source_id, sr, genius, home, age)`);
  await scratch.db.execute(sql`
    insert into odds (event_id, market, period, outcome, price, source_market_id, source_outcome_id)
    select id, '1x2', 'ft', 'home', 1 + id, '1', source_id from events`);
  await migrate(scratch.database);
  const matches = await scratch.db.execute(sql`
    select e.home, e.sportradar_id as sr, string_agg(b.source_id || o.source_outcome_id, ' ' order by b.id) as books
    from events e join book_events b on b.event_id = e.id join odds o on o.book_event_id = b.id
    group by e.id order by e.id`);
  expect(matches).toEqual([
    { home: 'Home FC', sr: '1', books: 'aa bb' },
    { home: 'Other', sr: '2', books: 'cc dd' },
    { home: 'Alone', sr: null, books: 'ee' },
    { home: 'Genius', sr: null, books: 'ff gg' },
  ]);
  const again = anEvent('new', [aPrice()], { sportradarId: '1' });
  await scratch.db.transaction((tx) => storeRecords(tx, [again]));
  expect(await scratch.db.execute(sql`select count(*)::int as n from events`)).toEqual([{ n: 4 }]);
});

/** The house as it was after its first migrations. */
async function firstMigrations(count: number): Promise<AsyncDisposable & { folder: string }> {
  const all = fileURLToPath(new URL('../../db/migrations', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-migrations-'));
  await cp(all, folder, { recursive: true });
  const journal = join(folder, 'meta', '_journal.json');
  const { entries, ...head } = JSON.parse(await readFile(journal, 'utf8')) as { entries: unknown[] };
  await writeFile(journal, JSON.stringify({ ...head, entries: entries.slice(0, count) }));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test('posts of a time when a surface had one channel get the channel their card stands in', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  await using before = await firstMigrations(3);
  await migrate(scratch.database, { folder: before.folder });
  await scratch.db.execute(sql`
    insert into runs (id, trigger, trigger_key, status, root_id, retry_of, platforms, requested_by) overriding system value
    select n, 'slack', 'key' || n, 'pending', 1, nullif(1, n), '{bet9ja}', '{}'::jsonb from generate_series(1, 2) n`);
  await scratch.db.execute(sql`
    insert into posts (surface, run_id, slot, state, ref) values
      ('console', 1, 'card', 'posted', '{}'), ('console', 2, 'card', 'posted', '{}'),
      ('slack', 1, 'card', 'posted', '{"channel":"C0RUNS","ts":"1.1","thread":null}'), ('slack', 2, 'card', 'sending', null),
      ('discord', 1, 'card', 'posted', '{"channel":"42","message":"77","title":"Run 1"}'),
      ('discord', 2, 'card', 'posted', '{"channel":"77","message":"78"}')`);
  await migrate(scratch.database);
  expect(await scratch.db.execute(sql`select surface, run_id, channel from posts order by 1, 2`)).toEqual([
    { surface: 'console', run_id: 1, channel: 'console' },
    { surface: 'console', run_id: 2, channel: 'console' },
    { surface: 'discord', run_id: 1, channel: '42' },
    { surface: 'discord', run_id: 2, channel: '42' },
    { surface: 'slack', run_id: 1, channel: 'C0RUNS' },
    { surface: 'slack', run_id: 2, channel: 'C0RUNS' },
  ]);
});
