/** The surface over the real discord.js, connected to the fake Discord, with short waits. */
import { message } from '#bot/chat/message.ts';
import type { Answers, Request, Surface } from '#bot/chat/surface.ts';
import { createDiscord, type DiscordOptions } from '#bot/discord/surface.ts';
import { expect } from 'vitest';
import type { FakeDiscord } from '../../fakes/discord/index.ts';

export const offered = [
  { name: 'now', usage: 'now [platform…]', summary: 'start a run' },
  { name: 'retry', usage: 'retry [run] [platform…]', summary: 'redo what failed' },
  { name: 'history', usage: 'history [n]', summary: 'the last runs' },
];

export interface OpenDiscord extends AsyncDisposable {
  surface: Surface;
  /** What was handed in, oldest first. */
  asked: Request[];
  /** Everything logged, as text. */
  logged: string[];
}

/** What it answers by itself: the request, counted. */
export function openDiscord(
  discord: FakeDiscord,
  options: Partial<DiscordOptions> = {},
): OpenDiscord & { start(answers?: Partial<Answers>): Promise<void> } {
  const asked: Request[] = [];
  const logged: string[] = [];
  const log = (fields: object, text: string) => void logged.push(`${text} ${JSON.stringify(fields)}`);
  const surface = createDiscord({
    token: 'the-right-token',
    guild: discord.world.guild,
    channel: discord.world.channel,
    apiUrl: discord.url,
    log: { info: log, warn: log },
    commands: offered,
    installation: 'a test',
    ...options,
    timing: { retryMs: 20, longestRetryMs: 60, refusedMs: 60, identifyGapMs: 1, ...options.timing },
  });
  return {
    surface,
    asked,
    logged,
    async start(answers = {}) {
      await surface.start({
        answer: async (request) => {
          asked.push(request);
          return { kind: 'message', message: message('good', `answer ${asked.length}`) };
        },
        suggest: async () => [],
        ...answers,
      });
    },
    [Symbol.asyncDispose]: () => surface.stop(),
  };
}

/** Opened, started, connected, and known to Discord with its command. */
export async function connectedDiscord(
  discord: FakeDiscord,
  answers: Partial<Answers> = {},
  options: Partial<DiscordOptions> = {},
) {
  const opened = openDiscord(discord, options);
  await opened.start(answers);
  await isUp(opened.surface);
  await expect.poll(() => discord.world.commands).not.toHaveLength(0);
  return opened;
}

export async function isUp(surface: Surface): Promise<void> {
  await expect.poll(() => surface.state()).toEqual({ kind: 'up' });
}
