/** What can happen to the database, with real processes and servers of our own; each named by its row of the fault matrix. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { describeDatabaseError } from '#db/errors.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { scratchDatabase, type TestDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { openChatHouse } from '../helpers/chat-house.ts';
import { tcpProxy } from '../helpers/tcp-proxy.ts';
import { ownServer, type OwnServer } from '../helpers/own-server.ts';
import { serverFolder, type ServerFolder } from '../helpers/server-user.ts';

let folder: ServerFolder;
let server: OwnServer;
let scratch: TestDatabase;
let sites: DemoSites;
let dataDir: string;
let started: HouseProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-databases-'));
  folder = await serverFolder();
  [server, sites] = await Promise.all([
    ownServer(folder.path, { settings: { max_connections: '40' } }),
    startDemoSites({ latencyMs: 0 }),
  ]);
});
beforeEach(async () => {
  scratch = await scratchDatabase({ server });
  for (const site of Object.values(sites.sites)) {
    site.setMood('ok');
    site.clearRequests();
  }
});
afterEach(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
  started = [];
  await scratch[Symbol.asyncDispose]();
});
afterAll(async () => {
  await sites[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function start(script: string, url = scratch.url, args: string[] = []): HouseProcess {
  const one = startProcess(script, args, { DATABASE_URL: url, DATA_DIR: dataDir, ...sites.env });
  started = [...started, one];
  return one;
}

/** How job 1 stands, and what is stored of it. */
async function job(of: TestDatabase = scratch): Promise<Record<string, unknown> | undefined> {
  const rows = await of.db.execute(sql`
    select status, attempt, retry_number, crashes, items_done,
           (select count(*)::int from work_items where job_id = j.id and status = 'done') as stored,
           (select count(*)::int from book_events) as events
    from jobs j order by id limit 1`);
  return rows[0];
}

const whole = { status: 'completed', attempt: 1, retry_number: 0, items_done: 48, stored: 48, events: 48 };

/** A bot that is in the middle of scraping bet9ja, which takes its time. */
async function busyBot(of: TestDatabase = scratch): Promise<HouseProcess> {
  sites.sites.bet9ja.setMood('slow');
  const bot = start('bot/main.ts', of.url, ['--json']);
  bot.type('/scrape now bet9ja');
  await expect.poll(async () => Number((await job(of))?.['stored'])).toBeGreaterThan(0);
  expect(await job(of)).toMatchObject({ status: 'running' });
  return bot;
}

/** Writes until the disk is full. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(1 << 16));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}

/** What was posted, each by its run and slot. */
function posts(bot: HouseProcess): string[] {
  return bot.said.filter((said) => said.kind === 'post').map((said) => `${said.run} ${said.slot}`);
}

it('D1 a database that crashes in the middle of a run, and comes back: the run goes on, nothing is lost or doubled', async () => {
  const bot = await busyBot();
  await server.crash();
  // What the site answers now has nowhere to go.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await server.start();
  await bot.until((said) => said.slot === 'card' && /Run 1 is complete/.test(said.text));
  expect(await job()).toMatchObject(whole);
  await expect.poll(() => posts(bot)).toContain('1 job:bet9ja');
  expect(posts(bot)).toHaveLength(new Set(posts(bot)).size);
});

it('D2 presses and commands while the database is away are answered with just that, and start nothing, not even later', async () => {
  await using proxy = await tcpProxy(scratch.url);
  await using chat = await openChatHouse(proxy.url, { bet9ja: 'blocked' });
  chat.startBot();
  await chat.up();
  await chat.slack.person.command('now bet9ja');
  await expect
    .poll(() => [...chat.onSlack(), ...chat.onDiscord()].filter((text) => /Run 1 failed/.test(text)))
    .toHaveLength(2);
  const retry = 'v1:retry:1:bet9ja';
  const carries = (message: unknown) => JSON.stringify(message).includes(retry);
  const inChat = () => [
    chat.slack.standing().find(({ blocks }) => carries(blocks))?.ts,
    [...chat.discord.world.messages.values()].find(({ components }) => carries(components))?.id,
  ];
  await expect.poll(() => inChat().every((place) => place !== undefined)).toBe(true);
  const pressInSlack = () => chat.slack.person.press(inChat()[0] ?? '', retry);
  proxy.refuse(true);
  const inSlack = await pressInSlack();
  expect((await chat.slack.person.command('now')).acked).toBe(true);
  const away = expect.stringMatching(/database.*Please try again/) as string;
  await expect.poll(() => inSlack.answers().map(({ seen }) => seen)).toEqual([away, away]);
  for (const said of [
    await chat.discord.people.press(chat.bearing(retry), retry),
    await chat.discord.people.command('now'),
  ]) {
    expect(said).toMatchObject({ kind: 'message', text: away });
  }
  proxy.refuse(false);
  const runs = async () =>
    (await scratch.db.execute(sql`select trigger from runs order by id`)).map(({ trigger }) => trigger);
  const heard = async () => (await chat.slack.person.command('history')).answers().at(-1)?.seen;
  await expect.poll(heard).toContain('Run 1');
  expect(await runs()).toEqual(['slack']);
  chat.sites.sites.bet9ja.setMood('ok');
  await pressInSlack();
  await expect.poll(runs).toEqual(['slack', 'retry:1']);
});

it('D3 connections that the server ends, again and again, in the middle of transactions: each is made again as a whole', async () => {
  const bot = await busyBot();
  for (let times = 0; times < 8; times += 1) {
    await scratch.db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'rescrape'`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await bot.until((said) => said.slot === 'card' && /Run 1 is complete/.test(said.text));
  expect(await job()).toMatchObject({ ...whole, crashes: 0 });
  expect(posts(bot)).toHaveLength(new Set(posts(bot)).size);
});

it('D5 a server that has no connection left: who works goes on, and what could not be done is done once there are some', async () => {
  const bot = await busyBot();
  await using taken = new AsyncDisposableStack();
  const refused = async () => {
    for (;;) {
      const one = taken.use(openDatabase(server.url, { max: 1 }));
      try {
        await one.db.execute(sql`select 1`);
      } catch (error) {
        return describeDatabaseError(error);
      }
    }
  };
  expect(await refused()).toBe('53300 the database has no connection left');
  // Those that the bot has are taken from it, so that it needs new ones.
  await scratch.db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name in ('rescrape bot', 'rescrape queue', 'rescrape heartbeat')`);
  expect(await refused()).toBe('53300 the database has no connection left');
  await expect.poll(() => bot.errors()).toContain('53300');
  await taken.disposeAsync();
  await bot.until((said) => said.slot === 'card' && /Run 1 is complete/.test(said.text));
  expect(await job()).toMatchObject({ ...whole, crashes: 0 });
});

it('D6 a disk that is full: runs wait, what is there can be read, and all goes on without a restart when there is room', async ({
  skip,
}) => {
  skip(process.getuid?.() !== 0, 'only root can mount a small disk');
  const disk = join(folder.path, 'disk');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    skip(true, 'no small disk can be mounted here');
  }
  await using undo = new AsyncDisposableStack();
  undo.defer(() => void execFileSync('umount', ['-l', disk]));
  const small = undo.use(await ownServer(disk, { settings: { checkpoint_timeout: '1h' } }));
  const full = undo.use(await scratchDatabase({ server: small }));
  const bot = await busyBot(full);
  // A new file of the log has room for all that follows; tables have none. A checkpoint on a full disk ends the server.
  await full.db.execute(sql`select pg_switch_wal()`);
  await full.db.execute(sql`checkpoint`);
  fill(join(disk, 'full'));
  await expect.poll(() => bot.errors()).toContain('53100 the disk of the database is full');
  bot.type('/scrape status 1');
  await bot.until((said) => said.kind === 'reply' && /Run 1 is running/.test(said.text));
  await rm(join(disk, 'full'));
  await bot.until((said) => said.slot === 'card' && /Run 1 is complete/.test(said.text));
  expect(await job(full)).toMatchObject({ ...whole, crashes: 0 });
  await bot.kill('SIGKILL');
});

it('D8 a database that a newer version has changed already is worked with', async () => {
  await scratch.db.execute(sql`alter table runs add column of_the_future text`);
  await scratch.db.execute(sql`create table futures (id int)`);
  await scratch.db.execute(sql`
    insert into drizzle.__drizzle_migrations (hash, created_at) select 'of the future', max(created_at) + 1
    from drizzle.__drizzle_migrations`);
  const bot = start('bot/main.ts', scratch.url, ['--json']);
  bot.type('/scrape now bet9ja');
  await bot.until((said) => said.slot === 'card' && /Run 1 is complete/.test(said.text));
  expect(await job()).toMatchObject(whole);
});
