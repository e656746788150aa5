import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeDiscord, type FakeDiscord } from '../fakes/discord/index.ts';
import { startFakeSlack, type FakeSlack } from '../fakes/slack/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess } from '../helpers/house-process.ts';

const { url } = await testDatabase();
let slack: FakeSlack;
let discord: FakeDiscord;

beforeAll(async () => {
  slack = await startFakeSlack();
  discord = await startFakeDiscord({ token: 'canary-discord' });
});

afterAll(async () => {
  await slack[Symbol.asyncDispose]();
  await discord[Symbol.asyncDispose]();
});

function onSlack(): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.state.tokens.bot,
    SLACK_APP_TOKEN: slack.state.tokens.app,
    SLACK_CHANNEL: slack.channel,
    SLACK_API_URL: slack.apiUrl,
  };
}

function onDiscord(): Record<string, string> {
  return {
    DISCORD_TOKEN: 'canary-discord',
    DISCORD_GUILD: discord.world.guild,
    DISCORD_CHANNEL: discord.world.channel,
    DISCORD_API_URL: discord.url,
  };
}

/** Runs the doctor to its end. Whatever it says, it says no secret. */
async function consult(env: Record<string, string>): Promise<{ status: number | null; said: string }> {
  await using doctor = startProcess('bot/doctor-command.ts', [], { DATABASE_URL: url, ...env });
  const status = await doctor.exited();
  const said = doctor.output();
  expect(said + doctor.errors()).not.toMatch(/canary/);
  expect(doctor.errors()).toBe('');
  return { status, said };
}

describe('the doctor', () => {
  it('finds nothing wrong where nothing is set up, and says where to read on', async () => {
    const { status, said } = await consult({});
    expect(said).toMatch(/✓ PostgreSQL \d+ answers, the one of DATABASE_URL/);
    expect(said).toMatch(/Slack\n {2}! not set up\n {6}docs\/slack\.md/);
    expect(said).toMatch(/Discord\n {2}! not set up/);
    expect(said).toContain('Everything that is set up works.');
    expect(status).toBe(0);
  });

  it('names what it looked at where everything works, and gives the link that adds the bot', async () => {
    const { status, said } = await consult({ ...onSlack(), ...onDiscord() });
    expect(said.replaceAll(/https?:\S+/g, '<link>').replaceAll(discord.world.guild, '<guild>')).toMatch(
      new RegExp(
        [
          'Slack',
          '  ✓ SLACK_BOT_TOKEN is good: @rescrape in the workspace Acme \\(T0OURS\\)',
          '  ✓ the bot has every right it needs',
          '  ✓ SLACK_APP_TOKEN is good: it opens connections',
          '  ✓ the bot is in #scrapes \\(C0RUNS\\) and may post there',
          '  ✓ the bot can read #scrapes \\(C0RUNS\\) back, to find a post it is unsure of',
          '',
          'Discord',
          '  ✓ DISCORD_TOKEN is good: scrapebot',
          '  ✓ the bot is in the server a server \\(add it to another one with <link>',
          '  ✓ the bot may do in #scrapes whatever it has to',
          '  ! /scrape is not known to the server yet, or is an older one',
        ].join('\n'),
      ),
    );
    expect(said).toContain(
      `https://discord.com/oauth2/authorize?client_id=${discord.world.application.id}&permissions=`,
    );
    expect(status).toBe(0);
    expect(slack.standing()).toEqual([]);
    expect(slack.sockets.greeted).toBe(0);
    expect(discord.gateway.identifies).toBe(0);
    expect(discord.world.messages.size).toBe(0);
  });

  it('names the variable of a wrong token, and looks at the rest all the same', async () => {
    const { status, said } = await consult({
      ...onSlack(),
      ...onDiscord(),
      SLACK_BOT_TOKEN: 'xoxb-canary-wrong',
      DISCORD_TOKEN: 'canary-wrong',
    });
    expect(said).toMatch(/✗ SLACK_BOT_TOKEN is refused \(invalid_auth\)\n {6}Slack refuses SLACK_BOT_TOKEN/);
    expect(said).toContain('✓ SLACK_APP_TOKEN is good');
    expect(said).toMatch(/✗ DISCORD_TOKEN is refused\n {6}Put in the token of the bot/);
    expect(said).toContain('Something has to be put right');
    expect(status).toBe(1);
  });

  it('says which right is missing, and whose', async () => {
    slack.state.scopes.delete('channels:history');
    slack.state.scopes.add('admin');
    const channel = discord.world.channels.get(discord.world.channel);
    if (channel === undefined) throw new Error('there is no channel');
    channel.overwrites = [{ id: discord.world.guild, type: 0, allow: '0', deny: String((1n << 11n) | (1n << 38n)) }];
    const { status, said } = await consult({ ...onSlack(), ...onDiscord() });
    expect(said).toMatch(/✗ the bot lacks the right channels:history, .*\n {6}Add it under OAuth & Permissions/);
    expect(said).toContain('! the bot has rights it does not use: admin');
    expect(said).toContain('✗ the bot lacks rights in #scrapes: Send Messages, Send Messages in Threads');
    expect(status).toBe(1);
    slack.state.scopes.add('channels:history');
    channel.overwrites = [];
  });

  it('says when the bot is not where it should talk, and how to get it there', async () => {
    slack.state.channels.set('C0RUNS', { member: false, archived: false, deleted: false, editable: true });
    discord.world.member = false;
    discord.world.sessions = 3;
    const { status, said } = await consult({ ...onSlack(), ...onDiscord() });
    expect(said).toMatch(/✗ the bot is not in #scrapes \(C0RUNS\)\n {6}Type \/invite @rescrape in the channel/);
    expect(said).toContain('! only 3 of 1000 connections are left for today');
    expect(said).toMatch(/✗ the bot is not in the server \d+\n {6}Add it with https:\/\/discord\.com\/oauth2/);
    expect(status).toBe(1);
    discord.world.member = true;
  });

  it('says when the channel is one that nothing can be told in', async () => {
    slack.state.channels.set('C0RUNS', { member: true, archived: true, deleted: false, editable: true });
    discord.world.channels.set('123', {
      id: '123',
      type: 2,
      name: 'voice',
      parent: null,
      archived: false,
      locked: false,
    });
    const { said } = await consult({ ...onSlack(), ...onDiscord(), DISCORD_CHANNEL: '123' });
    expect(said).toContain('✗ #scrapes (C0RUNS) is archived');
    expect(said).toContain('✗ #voice is no text channel');
    slack.state.channels.set('C0RUNS', { member: true, archived: false, deleted: false, editable: true });
  });

  it('says when the two tokens of Slack belong to different apps', async () => {
    slack.state.tokens.app = 'xapp-1-A0THEIRS-canary';
    const { status, said } = await consult(onSlack());
    expect(said).toContain('✗ SLACK_APP_TOKEN belongs to the app A0THEIRS, SLACK_BOT_TOKEN to A0OURS');
    expect(status).toBe(1);
  });

  it('looks at Slack over HTTP without asking it for a connection', async () => {
    const { status, said } = await consult({
      SLACK_BOT_TOKEN: slack.state.tokens.bot,
      SLACK_SIGNING_SECRET: '0123456789abcdef',
      SLACK_CHANNEL: slack.channel,
      SLACK_API_URL: slack.apiUrl,
      SLACK_PORT: '0',
    });
    expect(said).toContain('! SLACK_PORT is 0: each start takes another port');
    expect(said).not.toContain('SLACK_APP_TOKEN');
    expect(status).toBe(0);
  });

  it('ends with 78 on a wrong configuration, with all that is wrong', async () => {
    const { status, said } = await consult({ SLACK_BOT_TOKEN: 'canary', DISCORD_GUILD: 'x' });
    expect(said.match(/✗/g)).toHaveLength(6);
    expect(said).toContain('✗ SLACK_APP_TOKEN is missing');
    expect(said).toContain('✗ DISCORD_TOKEN is missing');
    expect(status).toBe(78);
  });

  it('says what is wrong with the database', async () => {
    const { status, said } = await consult({ DATABASE_URL: 'postgres://me:canary@127.0.0.1:1/none' });
    expect(said).toMatch(/✗ the database cannot be used\n {6}The database at 127\.0\.0\.1:1 cannot be reached/);
    expect(status).toBe(1);
  });
});
