import { describe, expect, it } from 'vitest';
import { startFakeDiscord, type FakeDiscord } from '../../fakes/discord/index.ts';
import { connectedDiscord, isUp, openDiscord } from './open.ts';

/** Presses a button and expects the answer, which proves that the connection carries. */
async function carries(discord: FakeDiscord): Promise<void> {
  const action = 'v1:retry:7:bet9ja';
  await expect(discord.people.press(discord.plant(action), action)).resolves.toMatchObject({ kind: 'message' });
}

describe('the connection to Discord', () => {
  it('is kept when Discord asks for a reconnect, and nothing asked meanwhile is lost', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    discord.gateway.send(7);
    await expect.poll(() => opened.surface.state().kind).toBe('connecting');
    // Pressed while nobody listens: the resumed session brings it.
    await carries(discord);
    await isUp(opened.surface);
    expect(discord.gateway).toMatchObject({ identifies: 1, resumes: 1 });
  });

  it('starts a new session when the old one is invalid', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    discord.gateway.send(9, false);
    await expect.poll(() => discord.gateway.identifies).toBe(2);
    await isUp(opened.surface);
    await carries(discord);
  });

  it('notices a connection on which heartbeats are no longer answered', async () => {
    await using discord = await startFakeDiscord({ heartbeatMs: 100 });
    await using opened = await connectedDiscord(discord);
    discord.gateway.deaf = true;
    await expect.poll(() => opened.surface.state().kind).toBe('connecting');
    discord.gateway.deaf = false;
    await isUp(opened.surface);
    await carries(discord);
  });

  it('comes back when new connections were refused for a while', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    discord.gateway.refusing = true;
    discord.gateway.cut();
    await expect.poll(() => opened.surface.state().kind).not.toBe('up');
    discord.gateway.refusing = false;
    await isUp(opened.surface);
    await carries(discord);
  });

  it('starts anew when the host to resume at is gone', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord, { timing: { stuckMs: 200 } });
    discord.gateway.resumeUrl = 'ws://127.0.0.1:not-a-port';
    await opened.start();
    await isUp(opened.surface);
    await expect.poll(() => discord.world.commands).toHaveLength(1);
    discord.gateway.resumeUrl = null;
    discord.gateway.cut();
    await expect.poll(() => discord.gateway.identifies).toBeGreaterThan(1);
    await isUp(opened.surface);
    await carries(discord);
  });

  it('waits for a Discord that cannot be reached, and says so', async () => {
    await using discord = await startFakeDiscord();
    await discord.unreachable();
    await using opened = openDiscord(discord);
    await opened.start();
    await expect.poll(() => opened.surface.state()).toMatchObject({ kind: 'down' });
    await discord.reachable();
    await isUp(opened.surface);
    await expect.poll(() => discord.world.commands).toHaveLength(1);
    await carries(discord);
  });

  it('names the variable of a wrong token, asks for no session with it, and heals when it is right', async () => {
    await using discord = await startFakeDiscord();
    discord.world.token = 'another-token';
    await using opened = openDiscord(discord);
    await opened.start();
    await expect.poll(() => opened.surface.state()).toMatchObject({ kind: 'down', why: /DISCORD_TOKEN/ });
    await expect.poll(() => discord.calls.length).toBeGreaterThan(2);
    expect(discord.gateway.identifies).toBe(0);
    discord.world.token = 'the-right-token';
    await isUp(opened.surface);
    expect(opened.logged.join('\n')).not.toContain('the-right-token');
  });

  it('survives a token that is revoked while it is connected', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    discord.gateway.identifyClose = 4004;
    discord.gateway.close(4004);
    await expect.poll(() => opened.surface.state()).toMatchObject({ kind: 'down', why: /DISCORD_TOKEN/ });
    await expect.poll(() => discord.gateway.identifies).toBeGreaterThan(2);
    discord.gateway.identifyClose = null;
    await isUp(opened.surface);
    await carries(discord);
  });

  it('asks for few sessions, however often they end', async () => {
    await using discord = await startFakeDiscord();
    discord.gateway.identifyClose = 4014;
    await using opened = openDiscord(discord, { timing: { refusedMs: 1, retryMs: 1, longestRetryMs: 1 } });
    await opened.start();
    await expect.poll(() => discord.gateway.identifies).toBe(10);
    await expect.poll(() => discord.gateway.connections).toBeGreaterThan(10);
    expect(discord.gateway.identifies).toBe(10);
  });

  it.each<[string, (discord: FakeDiscord) => void]>([
    ['an interaction that is none', ({ gateway }) => gateway.dispatch('INTERACTION_CREATE', null)],
    ['a server without anything', ({ gateway }) => gateway.dispatch('GUILD_CREATE', null)],
    ['a second READY without anything', ({ gateway }) => gateway.dispatch('READY', {})],
    ['an event named like a property of every object', ({ gateway }) => gateway.dispatch('__proto__', {})],
    ['a greeting without its contents', ({ gateway }) => gateway.send(10, null)],
    ['an invalid session that does not say whether it can be resumed', ({ gateway }) => gateway.send(9, null)],
  ])('outlives %s', async (_what, sent) => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    sent(discord);
    await expect.poll(() => opened.logged.join('\n')).toContain('the Discord library reported an error');
    await isUp(opened.surface);
    await carries(discord);
  });

  it.each([3_600, 99_999_999])('leaves Discord alone when it asks to wait for %d seconds', async (seconds) => {
    await using discord = await startFakeDiscord();
    discord.faults.arm('GET /gateway/bot', { kind: 'rate', seconds }, 9);
    await using opened = openDiscord(discord);
    await opened.start();
    await expect.poll(() => opened.surface.state()).toMatchObject({ kind: 'down', why: /asks to wait/ });
    // Many times the longest wait between two tries.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(discord.calls).toHaveLength(1);
  });

  it('does not ask again at once when it is not told how long to wait', async () => {
    await using discord = await startFakeDiscord();
    discord.faults.arm('GET /gateway/bot', { kind: 'rate', seconds: 'soon' }, 3);
    await using opened = openDiscord(discord);
    await opened.start();
    await isUp(opened.surface);
    expect(opened.logged.filter((line) => line.includes('the connection to Discord ended'))).toHaveLength(3);
  });

  it('says that the bot is not in the server, with the link that adds it, and notices when it is added', async () => {
    await using discord = await startFakeDiscord();
    discord.gateway.inGuild = false;
    await using opened = openDiscord(discord);
    await opened.start();
    await expect.poll(() => opened.surface.state()).toMatchObject({ kind: 'down', why: /DISCORD_GUILD.*client_id=/ });
    discord.gateway.inGuild = true;
    discord.gateway.send(9, false);
    await isUp(opened.surface);
    await expect.poll(() => discord.world.commands).toHaveLength(1);
  });

  it('says that the channel is not in the server', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord, { channel: '1' });
    await opened.start();
    await expect.poll(() => opened.surface.state()).toMatchObject({ kind: 'down', why: /DISCORD_CHANNEL/ });
  });

  it('can be stopped at any moment and started again', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    for (let round = 0; round < 4; round++) {
      await opened.start();
      if (round % 2 === 0) await isUp(opened.surface);
      await opened.surface.stop();
      expect(opened.surface.state().kind).toBe('connecting');
    }
    const { connections } = discord.gateway;
    await opened.start();
    await isUp(opened.surface);
    await carries(discord);
    // Nothing of the earlier rounds came back by itself.
    expect(discord.gateway.connections).toBe(connections + 1);
  });

  it('leaves nothing behind that reconnects when it is stopped in the middle of a reconnect', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    discord.gateway.send(7);
    await expect.poll(() => opened.surface.state().kind).toBe('connecting');
    await opened.surface.stop();
    // The library would be back half a second after the cut.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(discord.gateway.connections).toBe(1);
  });
});
