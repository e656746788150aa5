/** What comes in from Discord, read from the raw interaction: it holds all that is needed, whatever is cached or not. */
import {
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  InteractionType,
  type APIInteraction,
  type APIMessageComponentInteraction,
} from 'discord.js';
import { decodeAction, opensForm } from '#bot/chat/actions.ts';
import { oneLine } from '#bot/chat/escape.ts';
import type { Asked, Place, Request } from '#bot/chat/surface.ts';
import type { Person } from '#bot/runs/run.ts';
import { COMMAND_NAME, typedLine, typedSoFar, type OfferedCommand } from './commands.ts';
import { chosenIn, writtenIn } from './form.ts';

/** Longest name of a person that is kept, code points. */
const NAME_LIMIT = 80;

/** What an interaction asks for. */
export type Incoming =
  | { kind: 'suggest'; field: 'run' | 'platform'; typed: string; before: string; run: number | null }
  /** `opensForm`: the answer may be a form, which Discord takes only as the very first answer. */
  | { kind: 'ask'; request: Request; opensForm: boolean };

/** Reads an interaction; null for one that is not ours. Strangers may ask, and are marked as such; they get no suggestions. */
export function readInteraction(
  raw: APIInteraction,
  guild: string,
  commands: readonly OfferedCommand[],
): Incoming | null {
  if (raw.type === InteractionType.ApplicationCommandAutocomplete) {
    if (placeOf(raw, guild).stranger || raw.data.name !== COMMAND_NAME) return null;
    const typing = typedSoFar(raw.data);
    return typing === null ? null : { kind: 'suggest', ...typing };
  }
  const asked = askedIn(raw, commands);
  const actor = actorOf(raw);
  if (asked === null || actor === null) return null;
  const mayOpenForm = asked.kind === 'press' && opensForm(decodeAction(asked.action));
  return {
    kind: 'ask',
    opensForm: mayOpenForm,
    request: { surface: 'discord', id: raw.id, actor, place: placeOf(raw, guild), asked },
  };
}

function askedIn(raw: APIInteraction, commands: readonly OfferedCommand[]): Asked | null {
  switch (raw.type) {
    case InteractionType.ApplicationCommand:
      if (raw.data.type !== ApplicationCommandType.ChatInput || raw.data.name !== COMMAND_NAME) return null;
      return { kind: 'words', text: typedLine(raw.data, commands) };
    case InteractionType.MessageComponent:
      return pressed(raw.data);
    case InteractionType.ModalSubmit:
      return { kind: 'submit', action: raw.data.custom_id, chosen: chosenIn(raw.data), text: writtenIn(raw.data) };
    case InteractionType.Ping:
    case InteractionType.ApplicationCommandAutocomplete:
      return null;
  }
}

/** A button carries its action itself, a menu in the option that was taken. */
function pressed(data: APIMessageComponentInteraction['data']): Asked | null {
  if (data.component_type === ComponentType.Button) return { kind: 'press', action: data.custom_id };
  if (data.component_type !== ComponentType.StringSelect) return null;
  const [action] = data.values;
  return action === undefined ? null : { kind: 'press', action };
}

function actorOf(raw: APIInteraction): Person | null {
  const user = raw.member?.user ?? raw.user;
  if (user === undefined) return null;
  const name = oneLine(raw.member?.nick ?? user.global_name ?? user.username, NAME_LIMIT);
  return { surface: 'discord', id: user.id, name: name || user.id };
}

/** A thread counts as its channel. Rights are decided by roles, which Discord sends along. */
function placeOf(raw: APIInteraction, guild: string): Place {
  const channel = raw.channel as { id?: string; type?: ChannelType; parent_id?: string | null } | undefined;
  const parent = channel?.type !== undefined && threads.has(channel.type) ? channel.parent_id : null;
  const isBot = (raw.member?.user ?? raw.user)?.bot === true;
  return {
    team: raw.guild_id ?? '',
    channel: parent ?? channel?.id ?? '',
    groups: raw.member?.roles ?? null,
    stranger: isBot || raw.guild_id !== guild,
  };
}

const threads: ReadonlySet<ChannelType> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);
