/** Tells Discord the slash command, when what it knows differs from ours: it allows 200 changes a day. */
import { Routes, type RESTPostAPIChatInputApplicationCommandsJSONBody as Definition } from 'discord.js';
import { createHash } from 'node:crypto';
import type { Api } from './api.ts';

/** What a definition consists of; Discord adds ids, versions, translations and defaults to what it gives back. */
const known = ['name', 'type', 'description', 'contexts', 'integration_types'] as const;
const knownOfOptions = ['name', 'type', 'description', 'required', 'autocomplete', 'min_value'] as const;

/** Puts the command into one server if it is not there exactly so. True when it was put. */
export async function registerCommand(
  api: Api,
  application: string,
  guild: string,
  definition: Definition,
): Promise<boolean> {
  if (await isRegistered(api, application, guild, definition)) return false;
  await api.put(Routes.applicationGuildCommands(application, guild), [definition]);
  return true;
}

/** Whether one server knows exactly this command. */
export async function isRegistered(
  api: Api,
  application: string,
  guild: string,
  definition: Definition,
): Promise<boolean> {
  const there = await api.get(Routes.applicationGuildCommands(application, guild));
  return hashOf(there) === hashOf([definition]);
}

function hashOf(definitions: unknown): string {
  const list = Array.isArray(definitions) ? definitions.map((definition) => essence(definition, known)) : [];
  return createHash('sha256').update(JSON.stringify(list)).digest('hex');
}

/** The part that is ours, in one spelling: left out, false and empty mean the same to Discord. */
function essence(value: unknown, keys: readonly string[]): unknown {
  const object = (value ?? {}) as Record<string, unknown>;
  const options = Array.isArray(object['options']) ? object['options'] : [];
  const parts = keys.map((key) => object[key] ?? null).map((part) => (part === false ? null : part));
  const choices = Array.isArray(object['choices']) ? object['choices'] : [];
  const values = choices.map((choice) => (choice as { value?: unknown }).value ?? null);
  return [...parts, values, options.map((option) => essence(option, knownOfOptions))];
}
