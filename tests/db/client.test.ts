import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { databaseFault, DatabaseTimeout, describeDatabaseError, isTransient, withRetries } from '#db/errors.ts';
import { testDatabase } from '../helpers/database.ts';
import { tcpProxy } from '../helpers/tcp-proxy.ts';

const { db, url } = await testDatabase();
await db.execute(sql`create table jottings (id int primary key, text text)`);

const soon = { queryTimeoutMs: 1000, transactionTimeoutMs: 2000, checkEveryMs: 50 };

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

test('a query over a link that fell silent fails by the deadline, and the next one works over a new link', async () => {
  await using proxy = await tcpProxy(url);
  await using database = openDatabase(proxy.url, { ...soon, max: 3 });
  await Promise.all([1, 2, 3].map(() => database.db.execute(sql`select pg_sleep(0.05)`)));
  expect(proxy.connections).toBe(3);

  proxy.fallSilent();
  const error = await failure(database.db.execute(sql`select 1`));
  expect((error as Error).cause).toBeInstanceOf(DatabaseTimeout);
  expect(isTransient(error)).toBe(true);
  expect(describeDatabaseError(error)).toBe('DATABASE_TIMEOUT');

  proxy.recover();
  // The other two links lead to the same silence; neither is tried again.
  for (let count = 0; count < 3; count++) await database.db.execute(sql`select 1`);
  expect(proxy.connections).toBe(4);
});

test('a transaction over a link that falls silent halfway fails and leaves nothing behind', async () => {
  await using proxy = await tcpProxy(url);
  await using database = openDatabase(proxy.url, soon);
  const error = await failure(
    database.db.transaction(async (tx) => {
      await tx.execute(sql`insert into jottings values (1, 'half')`);
      proxy.fallSilent();
      await tx.execute(sql`insert into jottings values (2, 'half')`);
    }),
  );
  expect(databaseFault(error)?.code).toBe('DATABASE_TIMEOUT');
  proxy.cut();
  await expect.poll(() => db.execute(sql`select * from jottings`)).toHaveLength(0);
});

test('a server that closes every connection at the start is refused, not dialled in a spin', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    socket.once('data', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using database = openDatabase(`postgres://someone:secret@127.0.0.1:${port}/none`, soon);
  const error = await failure(database.db.execute(sql`select 1`));
  expect(isTransient(error)).toBe(true);
  expect(connections).toBe(1);
  server.close();
});

test('a server that is not there is an error that passes, told without its address', async () => {
  await using database = openDatabase('postgres://someone:secret@127.0.0.1:1/none', soon);
  const error = await failure(database.db.execute(sql`select ${'a parameter'}`));
  expect(isTransient(error)).toBe(true);
  expect(describeDatabaseError(error)).toBe('ECONNREFUSED');
});

test('a few connections at once are opened, and after that two a second, however many fail', async () => {
  await using proxy = await tcpProxy(url);
  await using database = openDatabase(proxy.url, { max: 2, queryTimeoutMs: 1000 });
  const began = performance.now();
  const suicides = Array.from({ length: 20 }, () =>
    failure(database.db.execute(sql`select pg_terminate_backend(pg_backend_pid())`)),
  );
  await Promise.all(suicides);
  const burst = 4;
  const seconds = Math.ceil((performance.now() - began) / 1000);
  expect(proxy.connections).toBeLessThanOrEqual(burst + 2 * seconds);
});

test('when all connections are busy, the next query says so by the deadline, and those at work go on', async () => {
  await using database = openDatabase(url, { ...soon, max: 1, transactionTimeoutMs: 30_000 });
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const long = database.db.transaction(async (tx) => {
    await tx.execute(sql`select 1`);
    asked.resolve();
    await answered.promise;
    return (await tx.execute(sql`select 'done' as state`))[0]?.['state'];
  });
  await asked.promise;
  expect(databaseFault(await failure(database.db.execute(sql`select 1`)))?.code).toBe('DATABASE_TIMEOUT');
  answered.resolve();
  await expect(long).resolves.toBe('done');
});

test('a transaction has a deadline for all of it, its own dawdling included', async () => {
  await using database = openDatabase(url, soon);
  const error = await failure(database.db.transaction(() => new Promise(() => {})));
  expect(error).toBeInstanceOf(DatabaseTimeout);
  await database.db.execute(sql`select 1`);
});

test('a statement sent after its transaction ended is refused, as it would land in somebody else’s', async () => {
  let late: () => Promise<unknown> = () => Promise.resolve();
  await db.transaction(async (tx) => {
    late = () => Promise.resolve(tx.execute(sql`select 1`));
    await tx.execute(sql`select 1`);
  });
  const error = (await failure(late())) as Error;
  expect(String(error.cause)).toContain('after its transaction had ended');
});

test('a failed statement fails its transaction even when its error was swallowed', async () => {
  const error = await failure(
    db.transaction(async (tx) => {
      await tx.execute(sql`insert into jottings values (10, 'first')`);
      await tx.execute(sql`insert into jottings values (10, 'again')`).then(null, () => {});
    }),
  );
  expect(databaseFault(error)).toEqual({ code: '23505', constraint: 'jottings_pkey', table: 'jottings' });
  expect(await db.execute(sql`select * from jottings where id = 10`)).toHaveLength(0);
});

test('a transaction inside a transaction can fail alone', async () => {
  await db.transaction(async (tx) => {
    await tx.execute(sql`insert into jottings values (20, 'outer')`);
    await failure(
      tx.transaction(async (inner) => {
        await inner.execute(sql`insert into jottings values (21, 'inner')`);
        await inner.execute(sql`insert into jottings values (20, 'again')`);
      }),
    );
    await tx.transaction(async (inner) => {
      await inner.execute(sql`insert into jottings values (22, 'inner')`);
    });
  });
  const rows = await db.execute(sql`select id from jottings where id between 20 and 29 order by id`);
  expect(rows.map((row) => row['id'])).toEqual([20, 22]);
});

test('dates and arrays can be parameters, and arrays come back as arrays', async () => {
  const at = new Date('2026-11-23T14:00:00.123Z');
  const list = ['a,b', '"quoted"', 'back\\slash', '{}', 'NULL', ''];
  const [row] = await db.execute(sql`
    select ${at}::timestamptz = '2026-11-23 14:00:00.123+00' as same,
           ${sql.param(list)}::text[] as texts, ${sql.param([1, 2])}::int[] as numbers,
           array[null, 'x'] as holes, array[[1, 2], [3, 4]] as nested`);
  expect(row).toEqual({
    same: true,
    texts: list,
    numbers: [1, 2],
    holes: [null, 'x'],
    nested: [
      [1, 2],
      [3, 4],
    ],
  });
});

test('a failing query is described by its code, never by its parameters', async () => {
  const error = await failure(db.execute(sql`select ${'SECRET'}::int`));
  expect(describeDatabaseError(error)).toBe('22P02');
  expect(describeDatabaseError(new Error('ours'))).toBeNull();
});

test('a transaction that lost against another is run again as a whole', async () => {
  let tries = 0;
  const result = await withRetries(
    () =>
      db.transaction(async (tx) => {
        tries += 1;
        if (tries < 3) await tx.execute(sql`do $$ begin raise exception 'lost' using errcode = '40001'; end $$`);
        return 'won';
      }),
    { firstWaitMs: 1 },
  );
  expect([result, tries]).toEqual(['won', 3]);
});

test('an error that would come back is not retried', async () => {
  let tries = 0;
  await failure(
    withRetries(() => {
      tries += 1;
      return db.execute(sql`select 1 / 0`);
    }),
  );
  expect(tries).toBe(1);
});

test('close waits for what runs and then refuses', async () => {
  const database = openDatabase(url);
  const running = Promise.resolve(database.db.execute(sql`select pg_sleep(0.2), 1 as one`));
  await new Promise((resolve) => setImmediate(resolve));
  await database.close();
  expect((await running)[0]?.['one']).toBe(1);
  expect(databaseFault(await failure(database.db.execute(sql`select 1`)))?.code).toBe('DATABASE_LOST');
});
