import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
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

test('a lock has one holder, and the next one gets it after the release', async () => {
  await using database = openDatabase(url, soon);
  const first = await database.tryLock('speaker');
  expect(first?.held()).toBe(true);
  expect(await database.tryLock('speaker')).toBeNull();
  await using other = await database.tryLock('another name');
  expect(other).not.toBeNull();
  await first?.release();
  expect(first?.held()).toBe(false);
  await using second = await database.tryLock('speaker');
  expect(second?.held()).toBe(true);
});

test.for(['cut', 'fallSilent'] as const)('a lock whose connection is lost (%s) says so', async (fault) => {
  await using proxy = await tcpProxy(url);
  await using database = openDatabase(proxy.url, soon);
  await using lock = await database.tryLock(`lost by ${fault}`);
  proxy[fault]();
  await expect.poll(() => lock?.lost.aborted, { timeout: 10_000 }).toBe(true);
  expect(lock?.held()).toBe(false);
});
