import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBot, type Bot } from '#bot/bot.ts';
import { loadConfig } from '#bot/config.ts';
import { createLog } from '#bot/log.ts';
import { sql } from '#db/drizzle.ts';
import { locateDatabase } from '#db/locate.ts';
import { outcomeText, startFakeDiscord, type FakeDiscord } from '../fakes/discord/index.ts';
import { startFakeSlack, type FakeSlack, type StoredMessage } from '../fakes/slack/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { aFailure, anIntent, aResult, openHouse, toyPlatform } from '../helpers/house.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
const platforms = ['sportybet', 'bet9ja', 'betpawa'].map(toyPlatform);
let slack: FakeSlack;
let discord: FakeDiscord;
let statusDir: string;
let bot: Bot;

beforeAll(async () => {
  statusDir = await mkdtemp(join(tmpdir(), 'rescrape-who-'));
  slack = await startFakeSlack();
  slack.state.members.set('U0BOB', { id: 'U0BOB', team_id: 'T0OURS', name: 'Bob' });
  slack.state.members.set('U0BOT2', { id: 'U0BOT2', team_id: 'T0OURS', name: 'Robo', is_bot: true });
  slack.state.channels.set('C0OTHER', { member: true, archived: false, deleted: false, editable: true });
  discord = await startFakeDiscord();
  const rules = { run: [], ask: '@scrape-ops' };
  const settings = {
    access: {
      slack: { ...rules, retry: ['group:S0OPS', 'channel:C0RUNS'] },
      discord: { ...rules, retry: ['group:77', `channel:${discord.world.channel}`] },
    },
  };
  const env = {
    DATABASE_URL: url,
    STATUS_DIR: statusDir,
    PORT: '0',
    WORKER: 'off',
    SLACK_BOT_TOKEN: slack.state.tokens.bot,
    SLACK_APP_TOKEN: slack.state.tokens.app,
    SLACK_CHANNEL: slack.channel,
    SLACK_API_URL: slack.apiUrl,
    DISCORD_TOKEN: 'the-right-token',
    DISCORD_GUILD: discord.world.guild,
    DISCORD_CHANNEL: discord.world.channel,
    DISCORD_API_URL: discord.url,
  };
  // Runs 1 and 2: bet9ja broke in both. A run 3 is what nobody here may cause.
  for (let run = 1; run <= 2; run += 1) {
    await house.runs.start(anIntent(), []);
    await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
  }
  const log = createLog('silent', 'test');
  bot = await startBot({
    config: loadConfig(env, settings, platforms),
    located: locateDatabase({ databaseUrl: env.DATABASE_URL, dataDir: '.', log }),
    platforms,
    console: null,
    owner: 'a test',
    log,
  });
});

afterAll(async () => {
  await bot.stop();
  await house[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await discord[Symbol.asyncDispose]();
  await rm(statusDir, { recursive: true, force: true });
});

const retry1 = 'v1:retry:1:bet9ja';
const retry2 = 'v1:retry:2:bet9ja';

/** What was written down since, newest last. */
let seen = 0;
async function newActions(): Promise<string[]> {
  const rows = await db.execute<{ done: string }>(sql`
    select concat_ws(' ', surface, actor ->> 'id', name, outcome) as done from actions where surface <> 'console' order by at`);
  const added = rows.slice(seen).map((row) => row.done);
  seen = rows.length;
  return added;
}

async function runs(): Promise<number> {
  return (await db.execute(sql`select 1 from runs`)).length;
}

function slackPost(run: number): StoredMessage {
  const found = slack.standing().find((one) => JSON.stringify(one.blocks).includes(`"v1:retry:${run}:bet9ja"`));
  return found ?? expect.fail(`nothing in Slack tells of run ${run}`);
}

function discordPost(run: number): string {
  const found = [...discord.world.messages.values()].find((one) =>
    JSON.stringify(one.components).includes(`"v1:retry:${run}:bet9ja"`),
  );
  return found?.id ?? expect.fail(`nothing in Discord tells of run ${run}`);
}

describe('who may, with the real libraries', () => {
  it('begins when both tell the runs', async () => {
    await expect.poll(() => slack.standing().length).toBeGreaterThanOrEqual(8);
    await expect.poll(() => discord.world.messages.size).toBeGreaterThanOrEqual(8);
    await expect.poll(() => discord.world.commands.length).toBe(1);
    await bot.whenTold();
    expect(await newActions()).toEqual([]);
  });

  it('refuses in Slack guests, bots, other workspaces, and people without the right, and writes each down', async () => {
    const { person } = slack;
    for (const user of ['U0GUEST', 'U0BOT2', 'U0FOREIGN']) await person.press(slackPost(1).ts, retry1, { user });
    await person.command('retry 1', { user: 'U0BOB', channel: 'C0OTHER' });
    const answer = await person.command('now', { user: 'U0BOB' });
    expect(answer.answers()[0]?.seen).toMatch(/You may not start runs .*here\. Ask @scrape-ops\.$/);
    expect(await newActions()).toEqual([
      'slack U0GUEST retry refused:stranger',
      'slack U0BOT2 retry refused:stranger',
      'slack U0FOREIGN retry refused:stranger',
      'slack U0BOB retry refused:not_allowed',
      'slack U0BOB now refused:not_allowed',
    ]);
  });

  it('refuses in Discord bots, other servers, newcomers, and people without the right, and writes each down', async () => {
    const { people } = discord;
    const thread = { channel: 'elsewhere', userId: '9' };
    discord.world.channels.set('elsewhere', {
      id: 'elsewhere',
      type: 0,
      name: 'elsewhere',
      parent: null,
      archived: false,
      locked: false,
    });
    await people.press(discordPost(1), retry1, { bot: true, userId: '1' });
    await people.press(discordPost(1), retry1, { elsewhere: true, userId: '2' });
    await people.press(discordPost(1), retry1, { pending: true, userId: '3' });
    await people.command('retry', { run: 1 }, thread);
    const answer = await people.command('now', {}, { userId: '4' });
    expect(outcomeText(answer)).toMatch(/You may not start runs .*here\. Ask @scrape-ops\.$/);
    expect(await newActions()).toEqual([
      'discord 1 retry refused:stranger',
      'discord 2 retry refused:stranger',
      'discord 3 retry refused:stranger',
      'discord 9 retry refused:not_allowed',
      'discord 4 now refused:not_allowed',
    ]);
  });

  it('suggests nothing in Discord to whoever may not look, while they type', async () => {
    const { people } = discord;
    const typing = (who: Parameters<typeof people.autocomplete>[4]) => people.autocomplete('retry', 'run', '', {}, who);
    expect(await typing({})).toMatchObject({ kind: 'choices', choices: [{ value: 2 }, { value: 1 }] });
    const nothing = { kind: 'choices', choices: [] };
    for (const who of [{ channel: 'elsewhere' }, { elsewhere: true }, { bot: true }, { pending: true }]) {
      expect(await typing(who)).toEqual(nothing);
    }
    expect(await newActions()).toEqual([]);
  });

  it('does nothing for a press in Slack on another message, in another channel, or on nothing of ours', async () => {
    const { person, state } = slack;
    const post = slackPost(1);
    const forge = (action: object) => (payload: Record<string, unknown>) => ({
      ...payload,
      actions: [{ ...(payload['actions'] as object[])[0], ...action }],
    });
    // The value of run 2's button on run 1's message; then a message that another app has posted, with our ids.
    await person.press(post.ts, retry1, { forge: forge({ value: retry2 }) });
    const foreign = { ...post, ts: state.ts(), user: 'U0OTHERAPP' };
    state.messages.push(foreign);
    await person.press(foreign.ts, retry1);
    await person.shortcut(foreign.ts);
    await person.press(post.ts, retry1, { forge: (payload) => ({ ...payload, channel: { id: 'C0OTHER' } }) });
    const bare = { message: undefined, container: { type: 'message', is_ephemeral: true } };
    await person.press(post.ts, retry1, { forge: (payload) => ({ ...payload, ...bare }) });
    state.messages.splice(state.messages.indexOf(foreign), 1);
    expect(await newActions()).toEqual(Array(5).fill('slack U0ADA retry refused:forged'));
    expect(await runs()).toBe(2);
  });

  it('does nothing for a form in Slack that was opened elsewhere or for somebody else', async () => {
    const { person, state } = slack;
    state.groups.set('S0OPS', new Set(['U0ADA', 'U0BOB']));
    const view = (payload: Record<string, unknown>) => payload['view'] as Record<string, unknown>;
    await person.press(slackPost(1).ts, retry1, {
      forge: (payload) => ({
        ...payload,
        actions: [{ ...(payload['actions'] as object[])[0], value: 'v1:choose:1' }],
      }),
    });
    await expect.poll(() => state.views.length).toBe(1);
    const metadata = JSON.stringify({ channel: 'C0RUNS', thread: null });
    // What the form becomes is another view; the form itself is sent again.
    const [form] = state.views;
    const reopen = () => void (form === undefined ? [] : state.views.push(form));
    await person.submit(['bet9ja'], {
      forge: (payload) => ({ ...payload, view: { ...view(payload), private_metadata: metadata } }),
    });
    reopen();
    await person.submit(['bet9ja'], { user: 'U0BOB' });
    reopen();
    await person.submit(['bet9ja'], {
      forge: (payload) => ({ ...payload, view: { ...view(payload), hash: 'another', callback_id: 'v1:choose:2' } }),
    });
    expect(await newActions()).toEqual([
      'slack U0ADA retry refused:forged',
      'slack U0BOB retry refused:not_allowed',
      'slack U0ADA retry refused:forged',
    ]);
    expect(await runs()).toBe(2);
  });

  it('does nothing for a press in Discord on another message, in another channel, or on nothing of ours', async () => {
    const { people, world } = discord;
    const post = discordPost(1);
    await people.press(post, retry1, {
      forge: (payload) => ({ ...payload, data: { custom_id: retry2, component_type: 2 } }),
    });
    await people.press(discord.plant(retry1), retry1);
    const moved = (payload: Record<string, unknown>) => {
      const message = payload['message'] as Record<string, unknown>;
      return { ...payload, message: { ...message, channel_id: world.otherGuild } };
    };
    await people.press(post, retry1, { forge: moved });
    await people.press(post, retry1, {
      forge: (payload) => ({ ...payload, data: { custom_id: 'v9:nonsense', component_type: 2 } }),
    });
    expect(await newActions()).toEqual(Array(3).fill('discord 1001 retry refused:forged'));
    expect(await runs()).toBe(2);
  });

  it('lets in members of a group and a role from anywhere in the team, and does a press once however often it comes', async () => {
    const press = await slack.person.press(slackPost(1).ts, retry1, { user: 'U0ADA' });
    await press.again();
    await expect.poll(() => press.answers()[0]?.seen).toContain('Run 3 retries bet9ja');
    await discord.people.command('retry', { run: 2 }, { roles: ['77'], channel: 'elsewhere', userId: '5' });
    discord.people.redeliver();
    await expect.poll(newActions).toEqual(['slack U0ADA retry started', 'discord 5 retry started']);
    expect(await runs()).toBe(4);
  });
});
