import { expect, test } from 'vitest';
import { createLog } from '#bot/log.ts';
import { startQueue } from '#bot/queue.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { watchedPostgres } from '../helpers/watched-postgres.ts';

const { url, db } = await testDatabase();

test('a wake-up that cannot be ended because the connection breaks is ended afterwards, and keeps no error', async () => {
  await using watched = await watchedPostgres(url);
  const queue = await startQueue(watched.url, createLog('silent', 'test'));
  try {
    let woken = 0;
    const ending = watched.stopAt({ statement: /set completed_on/i, when: 'before' }, () => {});
    await queue.work(() => void (woken += 1));
    await db.transaction((tx) => queue.enqueue(tx, [1]));
    await ending;
    await db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'rescrape queue'`);
    const left = () => db.execute(sql`select state, output from pgboss.job where name = 'scrape'`);
    await expect.poll(async () => (await left())[0]?.['state']).not.toBe('active');
    expect([...(await left())]).toEqual([{ state: 'completed', output: null }]);
    expect(woken).toBe(1);
  } finally {
    await queue.stop();
  }
});
