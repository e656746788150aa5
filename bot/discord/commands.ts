/** The slash command, generated from the registry of commands: one subcommand each. */
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  type APIChatInputApplicationCommandInteractionData,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { optionWords } from '#bot/chat/option-words.ts';
import type { Typing } from '#bot/chat/surface.ts';
import { plain } from './text.ts';

/** What is needed of a command to offer it. */
export interface OfferedCommand {
  name: string;
  /** As people type it, for instance `retry [run] [platform…]`. */
  usage: string;
  summary: string;
}

/** What people type after the slash. */
export const COMMAND_NAME = 'scrape';
const DESCRIPTION_LIMIT = 100;
const OPTION_LIMIT = 25;

/** The whole command with its subcommands, for servers only. */
export function commandDefinition(
  commands: readonly OfferedCommand[],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    name: COMMAND_NAME,
    type: ApplicationCommandType.ChatInput,
    description: plain(commands.map((command) => command.name).join(', '), DESCRIPTION_LIMIT),
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    options: commands.slice(0, OPTION_LIMIT).map((command): APIApplicationCommandSubcommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      name: command.name,
      description: plain(command.summary, DESCRIPTION_LIMIT) || command.name,
      options: slots(command.usage).map((slot) => toOption(slot, command)),
    })),
  };
}

/** The line a person could have typed instead, for instance `retry 42 bet9ja`; options in the order of the usage. */
export function typedLine(
  data: APIChatInputApplicationCommandInteractionData,
  commands: readonly OfferedCommand[],
): string {
  const [sub] = data.options ?? [];
  if (sub?.type !== ApplicationCommandOptionType.Subcommand) return '';
  const found = slots(commands.find((command) => command.name === sub.name)?.usage ?? '');
  const order = found.map((slot) => slot.name);
  const given = (sub.options ?? []).toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const phrase = (option: (typeof given)[number]) => {
    const begins = found.find((slot) => slot.name === option.name)?.begins ?? [];
    const value = valueOf(option);
    const said = begins.length === 0 || begins.some((word) => value.toLowerCase().startsWith(`${word} `));
    return said ? value : `${begins[0]} ${value}`;
  };
  return [sub.name, ...given.map(phrase)].join(' ');
}

/** What is being typed; `before` are the words of the same option that are finished already. */
export type TypedSoFar = Typing & { before: string };

/** What somebody is typing right now, and the run already named beside it; null when nothing can be suggested. */
export function typedSoFar(data: APIApplicationCommandAutocompleteInteraction['data']): TypedSoFar | null {
  const [sub] = data.options ?? [];
  if (sub?.type !== ApplicationCommandOptionType.Subcommand) return null;
  const options = sub.options ?? [];
  const focused = options.find((option) => 'focused' in option && option.focused === true);
  if (focused === undefined) return null;
  const run = Number(options.find((option) => option.name === 'run')?.value);
  const value = valueOf(focused);
  const command = sub.name;
  if (focused.name === 'run') return { command, field: 'run', typed: value, before: '', run: null };
  if (focused.name === 'what') {
    const platform = options.find((option) => option.name === 'platform')?.value;
    return {
      command,
      field: 'what',
      typed: value,
      before: '',
      run: null,
      ...(platform && { platform: `${platform}` }),
    };
  }
  if (focused.name === 'platform') return { command, field: 'platform', typed: value, before: '', run: null };
  if (focused.name !== 'platforms') return null;
  const before = /^.*\s/su.exec(value)?.[0] ?? '';
  return {
    command,
    field: 'platform',
    typed: value.slice(before.length),
    before,
    run: Number.isInteger(run) && run > 0 ? run : null,
  };
}

interface Slot {
  name: string;
  required: boolean;
  /** The words one of which it takes, as in `[pause|resume]`; empty where anything can be typed. */
  choices: string[];
  /** The words one of which it begins with, as in `[until 14:00 | for 2h]` and `[last n]`; the first goes without saying. */
  begins: string[];
}

/** The places of a usage: `[run]` can be given, `<run>` must. Those that must come first, as Discord wants it. */
function slots(usage: string): Slot[] {
  const found = [...usage.matchAll(/\[([^\]]+)\]|<([^>]+)>/g)].map((match) => {
    const words = (match[1] ?? match[2] ?? '').split('|').map((word) => word.trim());
    const required = match[2] !== undefined;
    const begins = words.length > 1 ? words.flatMap((word) => /^(\S+)\s/.exec(word)?.[1] ?? []) : [];
    if (begins.length > 0) return { name: optionName(begins[0] ?? ''), required, choices: [], begins };
    const counted = /^(\S+) n$/.exec(words[0] ?? '')?.[1];
    if (counted !== undefined) return { name: 'n', required, choices: [], begins: [counted] };
    const name = words.length > 1 ? 'what' : optionName(words[0] ?? '');
    return { name, required, choices: words.length > 1 ? words : [], begins };
  });
  return found.toSorted((a, b) => Number(b.required) - Number(a.required)).slice(0, OPTION_LIMIT);
}

/** `platform…` becomes `platforms`: one option that takes several words; `platform` takes one. */
function optionName(place: string): string {
  return place
    .replace(/(…|\.{3})$/u, 's')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, 32);
}

function toOption(slot: Slot, command: OfferedCommand): APIApplicationCommandBasicOption {
  const shared = {
    name: slot.name,
    description: plain(optionWords(command, slot), DESCRIPTION_LIMIT),
    required: slot.required,
  };
  switch (slot.name) {
    case 'run':
      return { ...shared, type: ApplicationCommandOptionType.Integer, autocomplete: true };
    case 'platform':
    case 'platforms':
      return { ...shared, type: ApplicationCommandOptionType.String, autocomplete: true };
    case 'n':
      return { ...shared, type: ApplicationCommandOptionType.Integer, min_value: 1 };
    case 'what': {
      if (slot.choices.length === 0)
        return { ...shared, type: ApplicationCommandOptionType.String, autocomplete: true };
      const choices = slot.choices.map((word) => ({ name: word, value: word }));
      return { ...shared, type: ApplicationCommandOptionType.String, choices };
    }
    default:
      return { ...shared, type: ApplicationCommandOptionType.String };
  }
}

function valueOf(option: { value: string | number | boolean }): string {
  return String(option.value);
}
