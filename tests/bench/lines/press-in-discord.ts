/** From a press in Discord to its answer, over the gateway: the retry is decided and stored in between. */
import { startFakeDiscord } from '../../fakes/discord/index.ts';
import { found } from '../busy-bot.ts';
import { pressLine } from './press.ts';

const action = 'v1:retry:1:bet9ja';

export const pressInDiscord = pressLine('Discord', async () => {
  const discord = await startFakeDiscord();
  return {
    env: {
      DISCORD_TOKEN: 'the-right-token',
      DISCORD_GUILD: discord.world.guild,
      DISCORD_CHANNEL: discord.world.channel,
      DISCORD_API_URL: discord.url,
    },
    async findButton() {
      const post = await found(() =>
        [...discord.world.messages.values()].find((one) => JSON.stringify(one.components).includes(`"${action}"`)),
      );
      // Everybody still sees the button while the first press changes it.
      const shown = structuredClone(post.components);
      return async () => {
        const began = performance.now();
        const outcome = await discord.people.press(post.id, action, { shown });
        return outcome.kind === 'message' ? performance.now() - began : Infinity;
      };
    },
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  };
});
