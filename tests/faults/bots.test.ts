/** What can happen to bots, with real ones; each named by its row of the fault matrix. */
import { createServer, type AddressInfo } from 'node:net';
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

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

it('P12 a bot whose database is not there yet waits for it, says so, and logs in nowhere before', async () => {
  await using network = await tcpProxy(url);
  network.refuse(true);
  const port = await freePort();
  const [identified, connected] = [house.discord.gateway.identifies, house.slack.sockets.issued];
  const waiting = house.startBot({ DATABASE_URL: network.url, PORT: String(port) }, []);
  await expect.poll(waiting.output).toMatch(/The database at \S+ cannot be reached .* Rescrape waits for it/);
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  expect(await status('/healthz')).toBe(200);
  expect(await status('/readyz')).toBe(503);
  expect([house.discord.gateway.identifies, house.slack.sockets.issued]).toEqual([identified, connected]);
  network.refuse(false);
  await expect.poll(waiting.output).toContain('Type /scrape now');
  await expect.poll(() => house.discord.gateway.identifies).toBe(identified + 1);
  expect(await status('/healthz')).toBe(200);
  waiting.child.kill('SIGTERM');
  expect(await waiting.exited()).toBe(0);
});

it.each(['bot/main.ts', 'bot/worker.ts'])(
  'P12 %s ends well when it is told to while it waits for its database',
  async (script) => {
    await using network = await tcpProxy(url);
    network.refuse(true);
    await using waiting = startProcess(script, [], { DATABASE_URL: network.url, DATA_DIR: house.dataDir });
    await expect.poll(waiting.errors).toContain('the database cannot be reached; it is tried again');
    waiting.child.kill('SIGTERM');
    expect(await waiting.exited()).toBe(0);
  },
);

it('P12 a script hears at once that there is no database, and a database that does not exist is not waited for', async () => {
  await using network = await tcpProxy(url);
  network.refuse(true);
  const env = { DATABASE_URL: network.url, DATA_DIR: house.dataDir };
  await using script = startProcess('bot/main.ts', ['--json', '--exit-when-idle'], env);
  expect(await script.exited()).toBe(1);
  expect(script.errors()).toMatch(/Rescrape could not start\. The database at \S+ cannot be reached/);
  const wrong = new URL(url);
  wrong.pathname = '/no_such_database';
  await using other = startProcess('bot/main.ts', [], { ...env, DATABASE_URL: wrong.href });
  expect(await other.exited()).toBe(1);
  expect(other.errors()).toContain('has no database no_such_database');
});

it('P12 an error that nothing handles ends the bot, told without its secrets, and the next one goes on', async () => {
  const secret = house.slack.state.tokens.bot;
  const slip = `process.on('SIGUSR2', () => setTimeout(() => Promise.reject(new Error('no luck with ${secret}'))))`;
  house.sites.sites.bet9ja.setMood('stalls');
  const slips = house.startBot({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slip)}` });
  await house.up();
  const run = (await newestRun()) + 1;
  expect((await house.slack.person.command('now bet9ja')).acked).toBe(true);
  await expect.poll(newestRun).toBe(run);
  await tells('31 of 48 events');
  slips.child.kill('SIGUSR2');
  expect(await slips.exited()).toBe(1);
  expect(slips.errors()).toContain('Rescrape has ended because of an error that nothing handled. Start it again');
  expect(slips.errors()).not.toContain(secret);
  house.sites.sites.bet9ja.setMood('ok');
  const next = house.startBot();
  await tells(`Run ${run} is complete`);
  await next.kill('SIGKILL');
});

it('P12 settings that cannot be used are told at once, each on a line of its own, before anything starts', async () => {
  const wrong = { DATABASE_URL: 'postgres//typo', PORT: 'eighty', LOG_LEVEL: 'loud', DATA_DIR: house.dataDir };
  await using bot = startProcess('bot/main.ts', [], wrong);
  expect(await bot.exited()).toBe(78);
  const [first, ...faults] = bot.errors().trimEnd().split('\n');
  expect(first).toContain('nothing was started');
  expect(faults.map((line) => /^ {2}- (\w+)/.exec(line)?.[1] ?? line).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'DATABASE_URL',
    'LOG_LEVEL',
    'PORT',
  ]);
});

async function newestRun(): Promise<number> {
  const [row] = await db.execute<{ id: number }>(sql`select max(id)::int as id from runs`);
  return row?.id ?? 0;
}
