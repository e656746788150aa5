import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { withRetries } from '#db/errors.ts';
import { scratchDatabase } from '../helpers/database.ts';

async function opened() {
  const opening = new AsyncDisposableStack();
  const scratch = opening.use(await scratchDatabase({ empty: true }));
  const database = opening.use(openDatabase(scratch.url, { max: 1 }));
  const kept = async (like: string) => {
    const text = sql.raw(`select statement from pg_prepared_statements where statement like '${like}'`);
    return [...(await database.db.execute<{ statement: string }>(text))].map(({ statement }) => statement);
  };
  return { db: database.db, kept, [Symbol.asyncDispose]: () => opening.disposeAsync() };
}

test('what is asked again and again is kept prepared, once', async () => {
  await using it = await opened();
  for (let times = 0; times < 5; times += 1) {
    expect([...(await it.db.execute(sql`select ${times}::int as again`))]).toEqual([{ again: times }]);
  }
  expect(await it.kept('%as again')).toEqual(['select $1::int as again']);
});

test('what differs each time is not kept, however much of it there is', async () => {
  await using it = await opened();
  for (let times = 0; times < 1_000; times += 1)
    await it.db.execute(sql`select ${times}::int as ${sql.raw(`once_${times}`)}`);
  expect(await it.kept('%as once_%')).toEqual([]);
  for (let times = 0; times < 3; times += 1) await it.db.execute(sql`select ${times}::int as later`);
  expect(await it.kept('%as later')).toHaveLength(1);
});

test('a table that is changed meanwhile, by a newer version, stops nothing', async () => {
  await using it = await opened();
  await it.db.execute(sql`create table changing (id int)`);
  await it.db.execute(sql`insert into changing values (1)`);
  const all = () => it.db.execute(sql`select * from changing where id = ${1}`);
  for (let times = 0; times < 3; times += 1) expect([...(await all())]).toEqual([{ id: 1 }]);
  await it.db.execute(sql`alter table changing add column more text default 'new'`);
  expect([...(await all())]).toEqual([{ id: 1, more: 'new' }]);
  await it.db.execute(sql`alter table changing add column most text default 'newest'`);
  // Inside of a transaction it is the whole of it that is tried again, as after a deadlock.
  const inTransaction = () =>
    it.db.transaction(async (tx) => [...(await tx.execute(sql`select * from changing where id = ${1}`))]);
  expect(await withRetries(inTransaction)).toEqual([{ id: 1, more: 'new', most: 'newest' }]);
});
