import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { Typing } from '#bot/chat/surface.ts';
import { commands } from '#bot/commands/index.ts';
import { commandDefinition, typedLine } from '#bot/discord/commands.ts';
import { inviteLink } from '#bot/discord/invite.ts';
import { checkCommands } from '../../fakes/discord/checks.ts';
import { startFakeDiscord } from '../../fakes/discord/index.ts';
import { createWorld } from '../../fakes/discord/world.ts';
import { connectedDiscord, offered } from './open.ts';

describe('the slash command', () => {
  it('is generated from the registry, and Discord takes it', () => {
    const definition = commandDefinition(commands);
    expect(() => checkCommands(createWorld({ token: 't', ackMs: 1 }), [definition])).not.toThrow();
    expect(definition.options?.map((option) => option.name)).toEqual(commands.map((command) => command.name));
  });

  it('takes runs as numbers and platforms as text, both with suggestions', () => {
    const [, retry, history] = commandDefinition(offered).options ?? [];
    expect(retry).toMatchObject({
      options: [
        { name: 'run', type: 4, autocomplete: true },
        { name: 'platforms', type: 3, autocomplete: true },
      ],
    });
    expect(history).toMatchObject({ options: [{ name: 'n', type: 4 }] });
  });

  it('asks for one run to cancel and one platform to mute, and takes the time as it is typed', () => {
    const options = commandDefinition(commands).options ?? [];
    const of = (name: string) => options.find((option) => option.name === name);
    expect(of('cancel')).toMatchObject({ options: [{ name: 'run', type: 4, autocomplete: true, required: true }] });
    expect(of('mute')).toMatchObject({
      options: [
        { name: 'platform', type: 3, autocomplete: true, required: true },
        { name: 'until', type: 3, required: false },
      ],
    });
    expect(of('unmute')).toMatchObject({ options: [{ name: 'platform', autocomplete: true, required: true }] });
    expect(of('whoami')).toMatchObject({ options: [] });
  });

  it('says of every option what it takes', () => {
    const options = (commandDefinition(commands).options ?? []).flatMap((command) =>
      ('options' in command ? (command.options ?? []) : []).map(
        (option) => `${command.name} ${option.name}: ${option.description}`,
      ),
    );
    expect(options.filter((text) => /[<[|]/.test(text))).toEqual([]);
    expect(options).toContain('retry run: the number of the run; the newest, if you name none');
    expect(options).toContain('schedule what: let one rest, or wake it');
  });

  it('tells the number of a run from a number of runs, which is typed with a word before it', () => {
    const line = (name: string) => {
      const value = { name, type: ApplicationCommandOptionType.Integer as const, value: 7 };
      const sub = { name: 'history', type: ApplicationCommandOptionType.Subcommand as const, options: [value] };
      return typedLine({ id: '1', name: 'scrape', type: ApplicationCommandType.ChatInput, options: [sub] }, commands);
    };
    expect([line('run'), line('n')]).toEqual(['history 7', 'history last 7']);
  });

  it('takes the end of a note as it is typed, with the word that begins it or without', () => {
    const note = commandDefinition(commands).options?.find((option) => option.name === 'note');
    expect(note).toMatchObject({
      options: [
        { name: 'text', required: false },
        { name: 'until', type: 3 },
      ],
    });
    expect(JSON.stringify(note)).not.toContain('choices');
    const line = (until: string) => {
      const values = Object.entries({ until, text: 'maintenance' });
      const given = values.map(([name, value]) => ({
        name,
        type: ApplicationCommandOptionType.String as const,
        value,
      }));
      return typedLine(
        {
          id: '1',
          name: 'scrape',
          type: ApplicationCommandType.ChatInput,
          options: [{ name: 'note', type: ApplicationCommandOptionType.Subcommand, options: given }],
        },
        commands,
      );
    };
    expect(line('14:00')).toBe('note maintenance until 14:00');
    expect(line('until 14:00')).toBe('note maintenance until 14:00');
    expect(line('for 2h')).toBe('note maintenance for 2h');
  });

  it('suggests what can be backfilled, of the platform that is named beside it', async () => {
    const backfill = commandDefinition(commands).options?.find((option) => option.name === 'backfill');
    expect(backfill).toMatchObject({
      options: [
        { name: 'platform', type: 3, autocomplete: true, required: true },
        { name: 'what', type: 3, autocomplete: true, required: true },
        { name: 'n', type: 4, required: false },
      ],
    });
    await using discord = await startFakeDiscord();
    const asked: Typing[] = [];
    const suggest = async (typing: Typing) => {
      asked.push(typing);
      return [{ label: 'images', value: 'images' }];
    };
    await using opened = await connectedDiscord(discord, { suggest }, { commands });
    const found = await discord.people.autocomplete('backfill', 'what', 'im', { platform: 'bringatrailer' });
    expect(asked).toMatchObject([{ command: 'backfill', field: 'what', typed: 'im', platform: 'bringatrailer' }]);
    expect(found).toMatchObject({ choices: [{ name: 'images', value: 'images' }] });
    expect(opened.surface.state()).toEqual({ kind: 'up' });
  });

  it('is registered once, and again only when it has changed', async () => {
    await using discord = await startFakeDiscord();
    for (const [round, list] of [offered, offered, offered.slice(0, 2)].entries()) {
      await using opened = await connectedDiscord(discord, {}, { commands: list });
      const settled = () => discord.world.commands.flatMap((command) => command['options']);
      await expect.poll(settled).toHaveLength(list.length);
      await expect
        .poll(() => discord.calls.filter((call) => call.method === 'GET' && call.path.endsWith('/commands')))
        .toHaveLength(round + 1);
      await opened.surface.stop();
    }
    expect(discord.world.commandPuts).toBe(2);
    expect(discord.world.complaints).toEqual([]);
  });

  it('is registered later when Discord fails at first', async () => {
    await using discord = await startFakeDiscord();
    discord.faults.arm('PUT /applications/:id/guilds/:id/commands', { kind: 'status', status: 500, after: false });
    await using opened = await connectedDiscord(discord);
    expect(opened.logged.join()).toContain('could not be registered');
    expect(discord.world.commandPuts).toBe(1);
  });
});

describe('the invitation', () => {
  it('asks for the bot, its commands, and the rights it uses', () => {
    const link = new URL(inviteLink('123'));
    expect(link.searchParams.get('client_id')).toBe('123');
    expect(link.searchParams.get('scope')).toBe('bot applications.commands');
    expect(BigInt(link.searchParams.get('permissions') ?? 0)).toBe(
      (1n << 10n) | (1n << 11n) | (1n << 15n) | (1n << 16n) | (1n << 35n) | (1n << 38n),
    );
  });
});
