import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';
import type { HouseProcess } from '../helpers/house-process.ts';

const { url } = await testDatabase();
let house: ChatHouse;
let bot: HouseProcess;
let statusUrl: string;
let runs = 0;

beforeAll(async () => {
  house = await openChatHouse(url, {});
  bot = house.startBot();
  await house.up();
  const page = () => /http:\/\/127\.0\.0\.1:\d+\//.exec(house.onSlack().join('\n'))?.[0];
  await house.slack.person.command('now sportybet');
  runs = 1;
  await vi.waitUntil(() => page() !== undefined, { timeout: 30_000 });
  statusUrl = page() ?? '';
});
afterAll(() => house[Symbol.asyncDispose]());

/** What `/readyz` says of a surface, and whether all is well. */
async function ready(surface: 'slack' | 'discord'): Promise<{ ready: boolean; says: string }> {
  const response = await fetch(`${statusUrl}readyz`);
  const told = (await response.json()) as { ready: boolean; checks: Record<string, string> };
  return { ready: told.ready, says: told.checks[surface] ?? '' };
}

const patience = { timeout: 60_000, interval: 100 };

/** The process lives, says that all is well again, and a command is answered and carried out. */
async function works(surface: 'slack' | 'discord'): Promise<void> {
  await expect.poll(() => ready(surface), patience).toEqual({ ready: true, says: 'up' });
  expect(bot.child.exitCode).toBeNull();
  runs += 1;
  if (surface === 'slack') expect((await house.slack.person.command('now sportybet')).acked).toBe(true);
  else {
    const answer = await house.discord.people.command('now', { platforms: 'sportybet' });
    expect(answer).toMatchObject({ kind: 'message' });
  }
  for (const said of [house.onSlack, house.onDiscord]) {
    await expect
      .poll(() => said().filter((text) => text.includes(`Run ${runs} is complete`)), patience)
      .toHaveLength(1);
  }
}

const unwell = (surface: 'slack' | 'discord', says: RegExp) =>
  expect.poll(() => ready(surface), patience).toEqual({ ready: false, says: expect.stringMatching(says) as string });

describe('one bot through everything that happens to its connections', { timeout: 90_000 }, () => {
  it('Slack refreshes its connections, as it does every few hours', async () => {
    const { sockets } = house.slack;
    const greeted = sockets.greeted;
    sockets.refresh();
    await expect.poll(() => sockets.greeted, patience).toBeGreaterThanOrEqual(greeted + 2);
    await works('slack');
  });

  it('Slack drops them, and refuses new ones for a while', async () => {
    const { sockets } = house.slack;
    sockets.refuse(true);
    sockets.drop();
    await unwell('slack', /Slack cannot be reached|connecting/);
    sockets.refuse(false);
    await works('slack');
  });

  it('Slack falls silent without closing anything', async () => {
    const { sockets } = house.slack;
    const greeted = sockets.greeted;
    sockets.fallSilent();
    await expect.poll(() => sockets.greeted, patience).toBeGreaterThanOrEqual(greeted + 2);
    await works('slack');
  });

  it("the app's token for Slack is revoked", async () => {
    const { state, sockets } = house.slack;
    state.revoked.app = true;
    sockets.drop();
    await unwell('slack', /SLACK_APP_TOKEN/);
    state.revoked.app = false;
    await works('slack');
  });

  it("the bot's token for Slack is revoked", async () => {
    const { state } = house.slack;
    state.revoked.bot = true;
    runs += 1;
    await house.discord.people.command('now', { platforms: 'sportybet' });
    await unwell('slack', /SLACK_BOT_TOKEN/);
    expect(house.onSlack().join('\n')).not.toContain(`Run ${runs}`);
    state.revoked.bot = false;
    await works('slack');
    // What happened meanwhile is told first.
    const cards = house.onSlack().flatMap((text) => /Run (\d+) is/.exec(text)?.[1] ?? []);
    expect(cards).toEqual(Array.from({ length: runs }, (_, index) => String(index + 1)));
  });

  it('Discord asks for a reconnect', async () => {
    const { gateway } = house.discord;
    const resumes = gateway.resumes;
    gateway.send(7);
    await expect.poll(() => gateway.resumes, patience).toBeGreaterThan(resumes);
    await works('discord');
  });

  it('Discord calls the session invalid', async () => {
    const { gateway } = house.discord;
    const identifies = gateway.identifies;
    gateway.send(9, false);
    await expect.poll(() => gateway.identifies, patience).toBeGreaterThan(identifies);
    await works('discord');
  });

  it('Discord cuts the connection, and refuses new ones for a while', async () => {
    const { gateway } = house.discord;
    gateway.refusing = true;
    gateway.cut();
    await unwell('discord', /./);
    gateway.refusing = false;
    await works('discord');
  });

  it('what Discord sends cannot be read', async () => {
    const { world } = house.discord;
    world.dispatch('INTERACTION_CREATE', { id: 'of a kind that is not known yet', type: 3 });
    world.dispatch('CHANNEL_UPDATE', { nothing: 'it should hold' });
    world.dispatch('GUILD_ROLE_UPDATE', { guild_id: world.guild });
    await expect.poll(() => bot.errors()).toContain('the Discord library reported an error');
    await works('discord');
  });

  it("the bot's token for Discord is revoked", async () => {
    const { gateway, world } = house.discord;
    const right = world.token;
    world.token = 'another-token';
    gateway.close(4004);
    await unwell('discord', /DISCORD_TOKEN/);
    // It is asked about once a minute: a token that is refused too often is blocked by Discord.
    world.token = right;
    runs += 1;
    expect((await house.slack.person.command('now sportybet')).acked).toBe(true);
    await expect.poll(() => house.onSlack().join('\n'), patience).toContain(`Run ${runs} is complete`);
  });

  it('ends when it is told to; nothing was doubled, no rule broken, no secret shown', async () => {
    const { slack, discord } = house;
    for (const said of [house.onSlack, house.onDiscord]) {
      // The last one was told in Slack alone.
      for (let run = 1; run < runs; run += 1) {
        const cards = () => said().filter((text) => text.includes(`Run ${run} is complete`));
        await expect.poll(cards, patience).toHaveLength(1);
      }
    }
    expect(slack.state.rejected).toEqual([]);
    expect(discord.world.complaints).toEqual([]);
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
    const output = bot.output() + bot.errors();
    for (const secret of [slack.state.tokens.bot, slack.state.tokens.app, discord.world.token]) {
      expect(output).not.toContain(secret);
    }
  });
});
