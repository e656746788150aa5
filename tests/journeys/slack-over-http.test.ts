import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { startFakeSlack, type FakeSlack } from '../fakes/slack/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
const signingSecret = '0123456789abcdef0123456789abcdef';
let sites: DemoSites;
let slack: FakeSlack;
let dataDir: string;
let bot: HouseProcess;
let address: string;
let statusUrl: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-http-'));
  sites = await startDemoSites({ latencyMs: 0, moods: { bet9ja: 'breaks', betpawa: 'drifted' } });
  slack = await startFakeSlack();
  bot = startProcess('bot/main.ts', [], {
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
    SLACK_BOT_TOKEN: slack.state.tokens.bot,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_CHANNEL: slack.channel,
    SLACK_PORT: '0',
    SLACK_API_URL: slack.apiUrl,
    ...sites.env,
  });
});

afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function told(): string {
  return slack
    .standing()
    .map((one) => one.seen)
    .join('\n');
}

async function runs(): Promise<number> {
  return (await db.execute(sql`select 1 from runs`)).length;
}

async function ready(): Promise<unknown> {
  return (await fetch(`${statusUrl}readyz`)).json();
}

describe('Slack over HTTP, from the environment to the thread', () => {
  it('is ready once its port is open and Slack has said who we are', async () => {
    const port = () => /"port":(\d+),"path"/.exec(bot.errors())?.[1];
    const page = () => /Status page: (\S+)/.exec(bot.output())?.[1];
    await expect.poll(port).toBeDefined();
    await expect.poll(page).toBeDefined();
    address = `http://127.0.0.1:${port()}/slack/events`;
    statusUrl = page() ?? '';
    slack.person.overHttp(address, signingSecret);
    await expect.poll(ready).toMatchObject({ ready: true, checks: { slack: 'up' } });
  });

  it('starts a run by a signed command, and tells it in the channel', async () => {
    const done = await slack.person.command('now');
    expect(done.answers()[0]?.seen).toContain('Run 1 is on its way');
    await expect.poll(told).toContain('1/3 platforms complete');
    expect(slack.sockets.issued).toBe(0);
  });

  it('starts nothing by what is forged, stale, of the future or too long', async () => {
    const wrong = [
      ['f'.repeat(32), 0],
      [signingSecret, -301],
      [signingSecret, 301 + 60],
    ] as const;
    for (const [secret, skewS] of wrong) {
      slack.person.overHttp(address, secret, skewS);
      expect((await slack.person.command('now')).acked).toBe(false);
    }
    slack.person.overHttp(address, signingSecret);
    expect((await slack.person.command('x'.repeat(1_100_000))).acked).toBe(false);
    expect(await runs()).toBe(1);
    expect(bot.errors()).not.toContain(signingSecret);
  });

  it('retries what is chosen in a form', async () => {
    sites.sites.betpawa.setMood('ok');
    const card = slack.saying('1/3 platforms complete');
    await slack.person.press(card.ts, 'v1:choose:1');
    await expect.poll(() => slack.state.views.length).toBe(1);
    const done = await slack.person.submit(['betpawa']);
    expect(done.answers()[0]?.seen).toContain('Run 2 retries betpawa');
    await expect.poll(told).toContain('2/3 platforms complete after 1 retry (1 → 2)');
  });

  it('retries by a press, and once however often the same press comes', async () => {
    sites.sites.bet9ja.setMood('ok');
    const broken = slack.saying('bet9ja broke in extract');
    const press = await slack.person.press(broken.ts, 'v1:retry:1:bet9ja');
    expect(press.acked).toBe(true);
    expect((await press.again()).acked).toBe(true);
    await expect.poll(told).toContain('3/3 platforms complete after 2 retries (1 → 2 → 3)');
    expect(await runs()).toBe(3);
  });

  it('starts one run by an event that Slack delivers again', async () => {
    const mention = await slack.person.mention('now sportybet');
    expect((await mention.again()).acked).toBe(true);
    await expect
      .poll(() => mention.answers().map((answer) => answer.seen))
      .toEqual([expect.stringContaining('Run 4 is on its way')]);
    expect(await runs()).toBe(4);
  });

  it('ends when it is told to, and was refused nothing by Slack', async () => {
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
    expect(slack.state.rejected).toEqual([]);
  });
});
