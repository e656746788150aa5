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
const grace = { userId: '77', name: 'Grace' };
let sites: DemoSites;
let slack: FakeSlack;
let discord: FakeDiscord;
let dataDir: string;
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-courtesies-'));
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
  const patience = { timeout: 55_000, interval: 200 };
  await vi.waitUntil(async () => (await slack.person.command('help').catch(() => null))?.acked, patience);
  await vi.waitUntil(() => discord.world.commands.length > 0, patience);
});

afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await discord[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function onSlack(): string {
  return slack
    .standing()
    .map((one) => one.seen)
    .join('\n');
}

function onDiscord(): string {
  return [...discord.world.messages.values()].map((one) => discord.textOf(one)).join('\n');
}

const pings = () => ({
  slack: slack.standing().flatMap((one) => one.effects.pings),
  discord: discord.world.notified,
});

/** The message on Discord that carries a button. */
function bearing(action: string): string {
  const found = [...discord.world.messages.values()].find((one) =>
    JSON.stringify(one.components).includes(`"${action}"`),
  );
  if (found === undefined) throw new Error(`no message carries ${action}`);
  return found.id;
}

describe('the courtesies of a run, in Slack and in Discord at once', () => {
  it('mention whoever started it when it ended badly, where they did, and nobody else', async () => {
    expect((await slack.person.command('now bet9ja')).acked).toBe(true);
    for (const said of [onSlack, onDiscord]) await expect.poll(said).toContain('bet9ja broke in extract');
    await expect.poll(onSlack).toContain('Your run 1 is partly done: bet9ja blocked us');
    expect(pings()).toEqual({ slack: ['<@U0ADA>'], discord: [] });
    expect(onDiscord()).not.toContain('Your run 1');
  });

  it('mute what broke by a press, and both surfaces say so', async () => {
    const broken = slack.saying('bet9ja broke in extract');
    const press = await slack.person.press(broken.ts, 'v1:mute:1:bet9ja');
    await expect.poll(() => press.answers().map((one) => one.seen)).toHaveLength(1);
    expect(press.answers()[0]?.seen).toContain('bet9ja is muted until it works.');
    for (const said of [onSlack, onDiscord]) {
      await expect.poll(said).toContain('muted by Ada since');
      await expect.poll(said).toContain('Unmute bet9ja');
    }
  });

  it('leave whoever starts the next one in peace while it is muted', async () => {
    void discord.people.command('now', { platforms: 'bet9ja' }, grace);
    for (const said of [onSlack, onDiscord]) {
      await expect.poll(said).toMatch(/Run 2 is partly done: 0\/1 platform complete, bet9ja muted/);
    }
    expect(pings()).toEqual({ slack: ['<@U0ADA>'], discord: [] });
  });

  it('say once that it works again, and whose mute that ended', async () => {
    sites.sites.bet9ja.setMood('ok');
    await slack.person.command('retry 2');
    for (const said of [onSlack, onDiscord]) {
      await expect.poll(said).toMatch(/bet9ja works again; the mute by Ada of \d\d:\d\d has ended/);
      expect(said().match(/works again/g)).toHaveLength(1);
    }
  });

  it('cancel a run that works by the button on its card: what is stored stays, the sites are left alone', async () => {
    sites.sites.sportybet.setMood('stalls');
    void discord.people.command('now', { platforms: 'sportybet' }, grace);
    const stored = () =>
      db.execute(sql`select 1 from work_items w join jobs j on j.id = w.job_id
      where j.run_id = 4 and w.status = 'done'`);
    await expect.poll(async () => (await stored()).length).toBe(31);
    const card = bearing('v1:cancel:4');
    const press = await discord.people.press(card, 'v1:cancel:4', grace);
    expect(press).toMatchObject({ kind: 'message', private: true });
    for (const said of [onSlack, onDiscord]) await expect.poll(said).toContain('Run 4 was cancelled by Grace');
    expect(await db.execute(sql`select status from jobs where run_id = 4`)).toEqual([{ status: 'cancelled' }]);
    expect(await stored()).toHaveLength(31);
    sites.sites.sportybet.setMood('ok');
    sites.sites.sportybet.clearRequests();
    await slack.person.command('retry 4');
    await expect.poll(onSlack).toContain('1/1 platform complete after 1 retry (4 → 5)');
    // What was asked for when it was cancelled is asked for once more, and nothing that is stored.
    expect(sites.sites.sportybet.requests).toHaveLength(17);
    expect(await stored()).toHaveLength(31);
  });

  it('tell somebody whose run another person cancelled, and refuse what has ended', async () => {
    sites.sites.sportybet.setMood('stalls');
    void discord.people.command('now', { platforms: 'sportybet' }, grace);
    await expect.poll(onSlack).toMatch(/Run 6 is (about to start|running)/);
    await slack.person.command('cancel 6');
    await expect.poll(onDiscord).toContain('Run 6 was cancelled by Ada, from Slack');
    await expect.poll(() => pings()).toEqual({ slack: ['<@U0ADA>'], discord: ['77'] });
    const again = await slack.person.command('cancel 6');
    expect(again.answers().at(-1)?.seen).toContain('Run 6 has ended already: it was cancelled by Ada.');
  });

  it('wrote everything down, and broke no rule of either service', async () => {
    const actions = await db.execute(sql`select actor ->> 'name' as who, name, outcome from actions
      where name in ('cancel', 'mute', 'unmute') order by at`);
    expect([...actions]).toEqual([
      { who: 'Ada', name: 'mute', outcome: 'done' },
      { who: 'Grace', name: 'cancel', outcome: 'done' },
      { who: 'Ada', name: 'cancel', outcome: 'done' },
      { who: 'Ada', name: 'cancel', outcome: 'refused:already_ended' },
    ]);
    expect(slack.state.rejected).toEqual([]);
    expect(discord.world.complaints).toEqual([]);
    expect(discord.world.pings).toEqual([]);
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
  });
});
