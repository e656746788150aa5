import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { canariesIn } from '../helpers/canaries.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { serveProxy, type ConnectProxy } from '../helpers/connect-proxy.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { record, type Recorder } from '../helpers/recorder.ts';
import { tcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';

const { url, db } = await testDatabase();
const patience = { timeout: 60_000, interval: 100 };
const role = `canary_${randomBytes(4).toString('hex')}`;
const password = 'dsn pass@/word+"canary"';
const proxyPassword = 'proxy:pass\\word%canary';
let house: ChatHouse;
let bot: HouseProcess;
let tunnel: ConnectProxy;
let refusing: ConnectProxy;
let database: TcpProxy;
let lines: Record<'slack' | 'discord' | 'sportybet' | 'bet9ja' | 'betpawa', Recorder>;
let tokenFile: string;
let secrets: Record<string, string>;

/** The database's address with a user and a password of its own. */
function withPassword(address: string): string {
  const own = new URL(address);
  own.username = role;
  own.password = encodeURIComponent(password);
  return own.href;
}

const proxyUrl = ({ port }: ConnectProxy) => `http://scraper:${encodeURIComponent(proxyPassword)}@127.0.0.1:${port}`;

beforeAll(async () => {
  await db.execute(sql.raw(`create role ${role} superuser login password '${password}'`));
  house = await openChatHouse(url, { bet9ja: 'breaks' }, { retry: { attempts: 1 } });
  const { slack, discord, sites } = house;
  tunnel = await serveProxy();
  refusing = await serveProxy({ refuse: (socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n') });
  database = await tcpProxy(url);
  lines = {
    slack: await record(slack.apiUrl),
    discord: await record(discord.url),
    sportybet: await record(sites.sites.sportybet.url),
    bet9ja: await record(sites.sites.bet9ja.url),
    betpawa: await record(sites.sites.betpawa.url),
  };
  tokenFile = join(house.dataDir, 'slack-bot-token');
  await writeFile(tokenFile, `${slack.state.tokens.bot}\n`, { mode: 0o600 });
  secrets = {
    SLACK_BOT_TOKEN: slack.state.tokens.bot,
    SLACK_APP_TOKEN: slack.state.tokens.app,
    DISCORD_TOKEN: discord.world.token,
    'password of DATABASE_URL': password,
    'password of a proxy': proxyPassword,
  };
  bot = house.startBot({
    DATABASE_URL: withPassword(database.url),
    SLACK_BOT_TOKEN: '',
    SLACK_BOT_TOKEN_FILE: tokenFile,
    SLACK_API_URL: lines.slack.url,
    DISCORD_API_URL: lines.discord.url,
    SPORTYBET_URL: lines.sportybet.url.replace(/\/$/, ''),
    BET9JA_URL: lines.bet9ja.url.replace(/\/$/, ''),
    BETPAWA_URL: lines.betpawa.url.replace(/\/$/, ''),
    SPORTYBET_PROXY: proxyUrl(refusing),
    BET9JA_PROXY: proxyUrl(tunnel),
    LOG_LEVEL: 'debug',
  });
  await house.up();
});

afterAll(async () => {
  await house[Symbol.asyncDispose]();
  for (const line of Object.values(lines)) await line[Symbol.asyncDispose]();
  for (const one of [tunnel, refusing, database]) await one[Symbol.asyncDispose]();
  for (const part of [`reassign owned by ${role} to current_user`, `drop owned by ${role}`, `drop role ${role}`]) {
    await db.execute(sql.raw(part));
  }
});

const told = (words: string) =>
  expect.poll(() => [house.onSlack(), house.onDiscord()].every((said) => said.join('\n').includes(words)), patience);

/** Everything in a folder, read as one text. */
async function textOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}

/** Every row of every table, the queue's as well. */
async function dumped(): Promise<string> {
  const tables = await db.execute<{ name: string }>(sql`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`);
  const rows = await Promise.all(tables.map(({ name }) => db.execute(sql.raw(`select t::text as row from ${name} t`))));
  return rows.flatMap((of) => of.map(({ row }) => String(row))).join('\n');
}

describe('what a bot knows and nobody else is to know', { timeout: 120_000 }, () => {
  it('runs with it, through proxies, a database that breaks off, and services that refuse', async () => {
    house.slack.fail('chat.postMessage', { kind: 'http', status: 500, accept: true });
    await house.slack.person.command('now');
    await told('sportybet broke').toBe(true);
    await told('bet9ja broke').toBe(true);
    expect(tunnel.tunnels.length).toBeGreaterThan(0);
    expect(refusing.tunnels.length).toBeGreaterThan(0);
    database.cut();
    await expect.poll(async () => (await house.slack.person.command('missing 1')).acked, patience).toBe(true);
    house.sites.sites.bet9ja.setMood('drifted');
    await house.discord.people.command('retry', { run: 1, platforms: 'bet9ja' });
    await told('Run 2 retried bet9ja').toBe(true);
  });

  it('goes on with a new token that stands in its file, told by a hang-up, and knows the old one as a secret still', async () => {
    const { state, person } = house.slack;
    const process = bot.child.pid;
    state.tokens.bot = 'xoxb-1111-canary-new';
    secrets['the new SLACK_BOT_TOKEN'] = state.tokens.bot;
    await writeFile(tokenFile, state.tokens.bot);
    bot.child.kill('SIGHUP');
    await expect.poll(() => bot.errors(), patience).toContain('has changed: starting anew with it');
    await expect.poll(async () => (await person.command('now betpawa').catch(() => null))?.acked, patience).toBe(true);
    await told('Run 3 is complete').toBe(true);
    expect([bot.child.pid, bot.child.exitCode]).toEqual([process, null]);
  });

  it('stays with what it has when the file cannot be used, and says what is wrong with it', async () => {
    await writeFile(tokenFile, 'no token\nat all\n');
    bot.child.kill('SIGHUP');
    await expect.poll(() => bot.errors(), patience).toContain('the former one stays');
    expect(bot.errors()).toContain('SLACK_BOT_TOKEN_FILE: ');
    await house.slack.person.command('now betpawa');
    await told('Run 4 is complete').toBe(true);
  });

  it('says nothing of it when a password is wrong either', async () => {
    const wrong = 'wrong-canary-password';
    secrets['a wrong password'] = wrong;
    const address = new URL(withPassword(database.url));
    address.password = wrong;
    const lost = startProcess('bot/worker.ts', [], { DATABASE_URL: address.href, LOG_LEVEL: 'debug' });
    expect(await lost.exited()).toBe(1);
    expect(lost.errors()).toContain('does not let us in (28P01)');
    expect(canariesIn(lost.errors() + lost.output(), secrets)).toEqual([]);
  });

  it('has let none of it out: not to services nor sites, into the database, its page, files or logs', async () => {
    const credentials = /^authorization: .*\r?$/gim;
    const left: Record<string, string> = {
      slack: lines.slack.sent().replace(credentials, ''),
      discord: lines.discord.sent().replace(credentials, ''),
      sportybet: lines.sportybet.sent(),
      bet9ja: lines.bet9ja.sent(),
      betpawa: lines.betpawa.sent(),
      'files in Slack': [...house.slack.state.files.values()].map(({ bytes }) => bytes?.toString('latin1')).join('\n'),
      database: await dumped(),
      page: await textOf(join(house.dataDir, 'status')),
      'standard error': bot.errors(),
      'standard output': bot.output(),
    };
    for (const [where, text] of Object.entries(left)) {
      if (where !== 'sportybet') expect([where, text.length > 100]).toEqual([where, true]);
      expect([where, canariesIn(text, secrets)]).toEqual([where, []]);
    }
    // The search finds what is there: each service was sent its own token, and the proxy its password.
    expect(canariesIn(lines.slack.sent(), secrets).join()).toMatch(/SLACK_BOT_TOKEN.*SLACK_APP_TOKEN/s);
    expect(canariesIn(lines.discord.sent(), secrets).join()).toContain('DISCORD_TOKEN');
    expect(canariesIn(JSON.stringify(tunnel.tunnels), secrets).join()).toContain('password of a proxy');
  });
});
