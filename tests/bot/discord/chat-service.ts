/** Discord as the contract of delivery sees it. */
import type { ChatService } from '../../contracts/delivery.ts';
import { startFakeDiscord, type FakeDiscord } from '../../fakes/discord/index.ts';
import { connectedDiscord } from './open.ts';

const delivering = /^\/(channels\/|users\/@me$)/;

/** Opened and connected; `discord` is the fake, for what only it has. */
export async function discordService(): Promise<ChatService & { discord: FakeDiscord }> {
  const discord = await startFakeDiscord();
  const opened = await connectedDiscord(discord);
  const { world } = discord;
  const { token } = world;
  const home = world.channels.get(world.channel);
  if (home === undefined) throw new Error('the fake has no home channel');
  return {
    discord,
    surface: opened.surface,
    standing: () =>
      [...world.messages.values()].map((one) => ({
        text: discord.textOf(one),
        isReply: one.channel !== world.channel,
      })),
    mistakes: () => world.complaints,
    calls: () => discord.calls.filter(({ path }) => delivering.test(path)).length,
    wrong(what) {
      if (what === 'removed from the channel') home.closed = 50001;
      if (what === 'not allowed to write') home.closed = 50013;
      if (what === 'the token is revoked') world.token = 'another-token';
    },
    right(what) {
      if (what === 'the token is revoked') world.token = token;
      else delete home.closed;
    },
    async [Symbol.asyncDispose]() {
      await opened.surface.stop();
      await discord[Symbol.asyncDispose]();
    },
  };
}
