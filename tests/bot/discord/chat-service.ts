/** Discord as the contract of delivery sees it. */
import { expect } from 'vitest';
import type { DiscordTiming } from '#bot/discord/surface.ts';
import type { ChatService, Kind, Trouble } from '../../contracts/delivery.ts';
import { startFakeDiscord, type FakeDiscord } from '../../fakes/discord/index.ts';
import type { Fault } from '../../fakes/discord/faults.ts';
import { aForm } from '../slack/chat-service.ts';
import { connectedDiscord } from './open.ts';

const delivering = /^\/(channels\/|users\/@me$)/;

const routes: Record<Kind, string> = {
  post: 'POST /channels/:id/messages',
  edit: 'PATCH /channels/:id/messages/:id',
  look: 'GET /channels/:id/messages',
  'open a thread': 'POST /channels/:id/messages/:id/threads',
};

const faults: Record<Trouble, Fault> = {
  'taken, then cut': { kind: 'cut', after: true },
  'taken, then 500': { kind: 'status', status: 500, after: true },
  cut: { kind: 'cut', after: false },
  '503': { kind: 'status', status: 503, after: false },
  'slow down': { kind: 'rate', seconds: 1 },
};

/** Opened and connected; `discord` is the fake, for what only it has. */
export async function discordService(
  timing: Partial<DiscordTiming> = {},
): Promise<ChatService & { discord: FakeDiscord }> {
  const discord = await startFakeDiscord();
  const other = discord.addChannel('ops');
  const opened = await connectedDiscord(discord, { answer: async () => ({ kind: 'form', form: aForm }) }, { timing });
  const { world } = discord;
  const { token } = world;
  const home = world.channels.get(world.channel);
  if (home === undefined) throw new Error('the fake has no home channel');
  return {
    discord,
    surface: opened.surface,
    other,
    standing: () =>
      [...world.messages.values()].map((one) => {
        const parent = world.channels.get(one.channel)?.parent ?? null;
        const card = parent === null ? null : one.channel;
        return { id: one.id, text: discord.textOf(one), card, channel: parent ?? one.channel };
      }),
    remove: (id) => discord.deleteMessage(id),
    mistakes: () => [...world.complaints, ...world.pings, ...world.links],
    calls: (channel) =>
      discord.calls.filter(({ path }) => delivering.test(path) && (channel === undefined || path.includes(channel)))
        .length,
    next(kind, trouble, well = 0) {
      if (well > 0) discord.faults.arm(routes[kind], { kind: 'well' }, well);
      discord.faults.arm(routes[kind], faults[trouble]);
    },
    opensForm: async () => expect((await discord.people.command('now')).kind).toBe('form'),
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
