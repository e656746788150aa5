/** From a press in Discord to its answer, over the gateway: the retry is decided and stored in between. */
import { startFakeDiscord } from '../../fakes/discord/index.ts';
import { atRate, found, startBusyBot } from '../busy-bot.ts';
import type { Line } from '../line.ts';
import { PER_SECOND, PRESSES, PRESS_GOAL } from './press.ts';

const action = 'v1:retry:1:bet9ja';

export const pressInDiscord: Line = {
  title: `Discord: press to answer, ${PER_SECOND} presses a second of one button while a run works`,
  goal: PRESS_GOAL,
  async measure() {
    await using discord = await startFakeDiscord();
    await using house = await startBusyBot({
      DISCORD_TOKEN: 'the-right-token',
      DISCORD_GUILD: discord.world.guild,
      DISCORD_CHANNEL: discord.world.channel,
      DISCORD_API_URL: discord.url,
    });
    const post = await found(() =>
      [...discord.world.messages.values()].find((one) => JSON.stringify(one.components).includes(`"${action}"`)),
    );
    // Everybody still sees the button while the first press changes it.
    const shown = structuredClone(post.components);
    await house.work();
    return await atRate(PER_SECOND, PRESSES, async () => {
      const began = performance.now();
      const outcome = await discord.people.press(post.id, action, { shown });
      return outcome.kind === 'message' ? performance.now() - began : Infinity;
    });
  },
};
