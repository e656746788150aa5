/** What can happen to bots, with real ones; each named by its row of the fault matrix. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess } from '../helpers/house-process.ts';
import { tcpProxy } from '../helpers/tcp-proxy.ts';
import { watchedPostgres, type WatchedPostgres } from '../helpers/watched-postgres.ts';

const { url, db } = await testDatabase();
let watched: WatchedPostgres;
let house: ChatHouse;

beforeAll(async () => {
  watched = await watchedPostgres(url);
  house = await openChatHouse(watched.url, {}, { pace: { bet9ja: { gapMs: 0 } } });
});
afterEach(() => {
  expect(house.slack.state.rejected).toEqual([]);
  expect(house.discord.world.complaints).toEqual([]);
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await watched[Symbol.asyncDispose]();
});

async function tells(words: string): Promise<void> {
  for (const said of [house.onSlack, house.onDiscord]) await expect.poll(() => said().join('\n')).toContain(words);
}

it('P9 of two bots one speaks; when it is frozen the other takes over, and nothing is doubled when it wakes up', async () => {
  const first = house.startBot({}, []);
  await house.up();
  const second = house.startBot({}, []);
  await expect
    .poll(second.output)
    .toContain(`Another Rescrape speaks for this database: process ${first.child.pid} on `);

  // It is frozen when it has written down that it will post the run's card, and wakes up about to post it.
  const point = { statement: /insert into posts/, given: 'slack', when: 'after' } as const;
  const frozen = watched.stopAt(point, () => {
    first.child.kill('SIGSTOP');
    return 'goes on';
  });
  void house.discord.people.command('now', { platforms: 'bet9ja' });
  await frozen;
  await expect.poll(second.output).toContain('This Rescrape speaks now.');
  await tells('Run 1 is complete');

  first.child.kill('SIGCONT');
  await expect
    .poll(first.output)
    .toContain(`Another Rescrape speaks for this database: process ${second.child.pid} on `);
  await house.slack.person.command('now bet9ja');
  await tells('Run 2 is complete');
  for (const said of [house.onSlack, house.onDiscord]) {
    for (const run of [1, 2]) expect(said().filter((text) => text.includes(`Run ${run} is complete`))).toHaveLength(1);
  }
  const posts = house.slack.state.messages.map(({ metadata }) => JSON.stringify(metadata));
  expect(posts).toHaveLength(new Set(posts).size);
  expect(await db.execute(sql`select 1 from runs`)).toHaveLength(2);
  await Promise.all([first.kill('SIGKILL'), second.kill('SIGKILL')]);
});

it('P9 a speaker whose connection fell silent without its session ending is followed by the other, and stands by', async () => {
  await using network = await tcpProxy(url);
  const start = (databaseUrl: string) =>
    startProcess('bot/main.ts', [], { DATABASE_URL: databaseUrl, DATA_DIR: house.dataDir, WORKER: 'off' });
  await using first = start(network.url);
  await expect.poll(first.output).toContain('Type /scrape now');
  await using second = start(url);
  await expect.poll(second.output).toContain('This one stands by');
  network.fallSilent();
  await expect.poll(second.output).toContain('This Rescrape speaks now.');
  network.recover();
  await expect
    .poll(first.output)
    .toContain(`Another Rescrape speaks for this database: process ${second.child.pid} on `);
});
