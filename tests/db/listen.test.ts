import { expect, test } from 'vitest';
import { openDatabase, type Database, type Lock, type Taken } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { tcpProxy } from '../helpers/tcp-proxy.ts';

const { db, url } = await testDatabase();
const soon = { queryTimeoutMs: 1000, checkEveryMs: 50 };

function say(payload: string): Promise<unknown> {
  return Promise.resolve(db.execute(sql`select pg_notify('news', ${payload})`));
}

test('a listener hears what is said after it is ready, and nothing after it was closed', async () => {
  await using database = openDatabase(url, soon);
  const heard: string[] = [];
  let ready = 0;
  const listening = await database.listen(
    'news',
    (payload) => heard.push(payload),
    () => (ready += 1),
  );
  expect(ready).toBe(1);
  await say('one');
  await expect.poll(() => heard).toEqual(['one']);
  await listening.close();
  await say('two');
  await db.execute(sql`select 1`);
  expect(heard).toEqual(['one']);
});

test.for(['cut', 'fallSilent'] as const)(
  'after its connection was lost (%s) a listener is ready again',
  async (fault) => {
    await using proxy = await tcpProxy(url);
    await using database = openDatabase(proxy.url, soon);
    const heard: string[] = [];
    let ready = 0;
    await database.listen(
      'news',
      (payload) => heard.push(payload),
      () => (ready += 1),
    );
    proxy[fault]();
    proxy.recover();
    await expect.poll(() => ready, { timeout: 10_000 }).toBe(2);
    await say('back');
    await expect.poll(() => heard).toEqual(['back']);
  },
);

test('a listener that throws goes on listening, and it is logged without what was said', async () => {
  const warnings: unknown[] = [];
  await using database = openDatabase(url, { ...soon, log: { warn: (...entry) => warnings.push(entry) } });
  const heard: string[] = [];
  await database.listen('news', (payload) => {
    heard.push(payload);
    throw new Error(payload);
  });
  await say('SECRET one');
  await say('SECRET two');
  await expect.poll(() => heard).toHaveLength(2);
  expect(warnings).toHaveLength(2);
  expect(JSON.stringify(warnings)).not.toContain('SECRET');
});

/** The lock, which nobody else has. */
async function taken(database: Database, name: string, holder = 'somebody'): Promise<Lock> {
  const lock = await database.tryLock(name, holder);
  if ('by' in lock) throw new Error(`${lock.by} has the lock`);
  return lock;
}

test('a lock has one holder, whom others are told of, and the next one gets it after the release', async () => {
  await using database = openDatabase(url, soon);
  const first = await taken(database, 'speaker', 'the first');
  expect(first.held()).toBe(true);
  expect(await database.tryLock('speaker', 'the second')).toEqual({ by: 'the first' });
  await using other = await taken(database, 'another name');
  expect(other.held()).toBe(true);
  await first.release();
  expect(first.held()).toBe(false);
  await using second = await taken(database, 'speaker', 'the second');
  expect(second.held()).toBe(true);
});

test('of ten who want a lock at the same moment one gets it', async () => {
  await using database = openDatabase(url, { ...soon, max: 10 });
  const answers = await Promise.all(Array.from({ length: 10 }, () => database.tryLock('wanted', 'one of ten')));
  expect(answers.filter((one) => !('by' in one))).toHaveLength(1);
});

test.for(['cut', 'fallSilent'] as const)('a lock whose connection is lost (%s) says so', async (fault) => {
  await using proxy = await tcpProxy(url);
  await using database = openDatabase(proxy.url, soon);
  await using lock = await taken(database, `lost by ${fault}`);
  proxy[fault]();
  await expect.poll(() => lock.lost.aborted, { timeout: 10_000 }).toBe(true);
  expect(lock.held()).toBe(false);
});

test('a lock whose holder died is free at once, long before its term ends', async () => {
  await using proxy = await tcpProxy(url);
  await using database = openDatabase(proxy.url, { queryTimeoutMs: 60_000, checkEveryMs: 60_000 });
  await using lock = await taken(database, 'of the dead');
  proxy.cut();
  await using other = openDatabase(url, soon);
  await expect.poll(async () => 'by' in (await other.tryLock('of the dead', 'the next'))).toBe(false);
  expect([...(await db.execute(sql`select holder, term from locks where name = 'of the dead'`))]).toEqual([
    { holder: 'the next', term: 2 },
  ]);
  expect(lock.held()).toBe(false);
});

test('a lock whose holder is silent while its session stands is free when its term ends', async () => {
  await using proxy = await tcpProxy(url);
  await using database = openDatabase(proxy.url, soon);
  await taken(database, 'of the silent', 'the silent');
  proxy.fallSilent();
  await using other = openDatabase(url, soon);
  expect(await other.tryLock('of the silent', 'the next')).toEqual({ by: 'the silent' });
  await expect.poll(async () => 'by' in (await other.tryLock('of the silent', 'the next'))).toBe(false);
});

test('a holder that slept through its term has lost the lock, and takes nothing from the next one', async () => {
  await using database = openDatabase(url, soon);
  const asleep = await taken(database, 'of the sleeper', 'the sleeper');
  let next: Lock | Taken = { by: 'nobody' };
  async function isTaken(): Promise<boolean> {
    await db.execute(sql`update locks set expires_at = now() - interval '1 second' where name = 'of the sleeper'`);
    next = await database.tryLock('of the sleeper', 'the next');
    return !('by' in next);
  }
  // It is not asleep in truth, and may renew its term in between.
  await expect.poll(isTaken).toBe(true);
  await expect.poll(() => asleep.lost.aborted).toBe(true);
  expect(asleep.held()).toBe(false);
  await asleep.release();
  expect(await database.tryLock('of the sleeper', 'a third')).toEqual({ by: 'the next' });
});
