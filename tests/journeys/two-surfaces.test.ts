import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { startFakeDiscord, type FakeDiscord } from '../fakes/discord/index.ts';
import { startFakeSlack, type FakeSlack } from '../fakes/slack/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
let sites: DemoSites;
let slack: FakeSlack;
let discord: FakeDiscord;
let dataDir: string;
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-surfaces-'));
  sites = await startDemoSites({ latencyMs: 0, moods: { bet9ja: 'breaks' } });
  slack = await startFakeSlack();
  discord = await startFakeDiscord();
  bot = startProcess('bot/main.ts', ['--json'], {
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    SLACK_BOT_TOKEN: slack.state.tokens.bot,
    SLACK_APP_TOKEN: slack.state.tokens.app,
    SLACK_CHANNEL: slack.channel,
    SLACK_API_URL: slack.apiUrl,
    DISCORD_TOKEN: 'the-right-token',
    DISCORD_GUILD: discord.world.guild,
    DISCORD_CHANNEL: discord.world.channel,
    DISCORD_API_URL: discord.url,
    ...sites.env,
  });
  // A process takes as long to start as the machine is busy.
  const patience = { timeout: 55_000, interval: 200 };
  await vi.waitUntil(async () => (await slack.person.command('help').catch(() => null))?.acked, patience);
});

afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await discord[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function onSlack(): string[] {
  return slack.standing().map((one) => one.seen);
}

function onDiscord(): string[] {
  return [...discord.world.messages.values()].map((one) => discord.textOf(one));
}

describe('one run, told in Slack and in Discord at once', () => {
  it('is started by a command in Slack and told in both', async () => {
    expect((await slack.person.command('now')).acked).toBe(true);
    for (const said of [onSlack, onDiscord]) {
      await expect.poll(() => said().join('\n')).toContain('Run 1 is partly done: 2/3 platforms complete');
      await expect.poll(() => said().filter((text) => text.includes('bet9ja broke in extract'))).toHaveLength(1);
    }
  });

  it('is retried by a press in Slack, and both cards follow', async () => {
    sites.sites.bet9ja.setMood('ok');
    const broken = slack.saying('bet9ja broke in extract');
    const press = await slack.person.press(broken.ts, 'v1:retry:1:bet9ja');
    expect(press.acked).toBe(true);
    const card = slack.standing()[0];
    await expect.poll(() => press.answers()[0]?.seen).toContain('Run 2 retries bet9ja');
    const address = `https://acme.slack.com/archives/${slack.channel}/p${card?.ts.replace('.', '')}`;
    expect(JSON.stringify(press.answers()[0]?.blocks)).toContain(`"url":"${address}"`);
    for (const said of [onSlack, onDiscord]) {
      await expect.poll(() => said().join('\n')).toContain('3/3 platforms complete after 1 retry (1 → 2)');
      await expect.poll(() => said().join('\n')).toContain('from Slack: complete');
    }
  });

  it('has exactly one card and one message per slot on each, and pings whoever started it, once', async () => {
    const posts = await db.execute(sql`select surface, count(*)::int as n from posts group by 1 order by 1`);
    expect([...posts]).toEqual([
      { surface: 'console', n: 5 },
      { surface: 'discord', n: 5 },
      { surface: 'slack', n: 6 },
    ]);
    expect(slack.standing()).toHaveLength(6);
    // Ada started it there, so there she hears that it ended badly; nobody else hears anything anywhere.
    expect(slack.standing().flatMap((one) => one.effects.pings)).toEqual(['<@U0ADA>']);
    expect(discord.world.notified).toEqual([]);
    expect(slack.state.rejected).toEqual([]);
    expect(discord.world.complaints).toEqual([]);
  });

  it('may not be touched from another channel, and the try is written down', async () => {
    await slack.person.command('now', { channel: 'C0OTHER' }).catch(() => null);
    await expect
      .poll(async () => (await db.execute(sql`select 1 from actions where outcome = 'refused:not_allowed'`)).length)
      .toBe(1);
    expect(await db.execute(sql`select 1 from runs`)).toHaveLength(2);
  });

  it('goes on when Slack is revoked in the middle', async () => {
    slack.state.revoked.bot = true;
    slack.state.revoked.app = true;
    slack.sockets.close();
    bot.type('/scrape now sportybet');
    await expect.poll(() => onDiscord().join('\n')).toContain('Run 3 is complete');
    expect(bot.child.exitCode).toBeNull();
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
  });
});
