import { testSurface } from '../../contracts/surface.ts';
import { outcomeText, startFakeDiscord } from '../../fakes/discord/index.ts';
import { connectedDiscord, isUp, openDiscord } from './open.ts';
import { expect } from 'vitest';

testSurface('discord', async () => {
  const discord = await startFakeDiscord();
  // The command is known to the server from an earlier start.
  const earlier = await connectedDiscord(discord);
  await earlier.surface.stop();
  const opened = openDiscord(discord);
  const answers: string[] = [];
  return {
    surface: opened.surface,
    async type(text) {
      await isUp(opened.surface);
      const [name = '', run, platforms] = text.split(' ');
      const outcome = await discord.people.command(name, { run: Number(run), platforms: platforms ?? '' });
      expect(outcome).toMatchObject({ kind: 'message', private: true });
      answers.push(outcomeText(outcome));
    },
    async press(action) {
      await isUp(opened.surface);
      const outcome = await discord.people.press(discord.plant(action), action);
      expect(outcome).toMatchObject({ kind: 'message', private: true });
      answers.push(outcomeText(outcome));
    },
    standing: async () => [...discord.world.messages.values()].map((message) => discord.textOf(message)),
    files: async () =>
      [...discord.world.messages.values()].flatMap((message) =>
        message.attachments.map(({ filename, bytes }) => ({
          name: filename,
          text: Buffer.from(bytes).toString('utf8'),
        })),
      ),
    answers: async () => answers,
    async [Symbol.asyncDispose]() {
      await opened.surface.stop();
      expect(discord.world.complaints).toEqual([]);
      await discord[Symbol.asyncDispose]();
    },
  };
});
