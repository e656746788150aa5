/** What comes in from Discord, read from the raw interaction: it holds all that is needed, whatever is cached or not. */
import {
  ApplicationCommandType,
  ChannelType,
  ComponentType,
  GuildMemberFlags,
  InteractionType,
  MessageFlags,
  type APIInteraction,
  type APIMessage,
  type APIMessageComponentInteraction,
} from 'discord.js';
import { oneLine } from '#bot/chat/escape.ts';
import type { Asked, Asking, Place, Request, Spot } from '#bot/chat/surface.ts';
import type { Person } from '#bot/runs/run.ts';
import { COMMAND_NAME, typedLine, typedSoFar, type OfferedCommand, type TypedSoFar } from './commands.ts';
import { chosenIn, writtenIn } from './form.ts';
import { bears, type Mark } from './names.ts';

/** Longest name of a person that is kept, code points. */
const NAME_LIMIT = 80;

/** What an interaction asks for. */
export type Incoming = { kind: 'suggest'; typing: TypedSoFar; by: Asking } | { kind: 'ask'; request: Request };

/** What interactions are read with. */
export interface Reading {
  guild: string;
  commands: readonly OfferedCommand[];
  /** On everything that only the asker was shown. */
  ownMark: Mark;
}

/** Reads an interaction; null for one that is not ours. Strangers may ask, and are marked as such. */
export function readInteraction(raw: APIInteraction, { guild, commands, ownMark }: Reading): Incoming | null {
  const surface = 'discord';
  const actor = actorOf(raw);
  const place = placeOf(raw, guild);
  if (raw.type === InteractionType.ApplicationCommandAutocomplete) {
    const typing = raw.data.name === COMMAND_NAME ? typedSoFar(raw.data) : null;
    return typing === null || actor === null ? null : { kind: 'suggest', typing, by: { surface, actor, place } };
  }
  const asked = askedIn(raw, commands, ownMark);
  if (asked === null || actor === null) return null;
  return { kind: 'ask', request: { surface, id: raw.id, actor, place, asked } };
}

function askedIn(raw: APIInteraction, commands: readonly OfferedCommand[], ownMark: Mark): Asked | null {
  switch (raw.type) {
    case InteractionType.ApplicationCommand:
      if (raw.data.type !== ApplicationCommandType.ChatInput || raw.data.name !== COMMAND_NAME) return null;
      return { kind: 'words', text: typedLine(raw.data, commands) };
    case InteractionType.MessageComponent:
      return pressed(raw.data, spotOf(raw.message, ownMark));
    case InteractionType.ModalSubmit:
      return {
        kind: 'submit',
        action: raw.data.custom_id,
        chosen: chosenIn(raw.data),
        text: writtenIn(raw.data),
        // A form of ours that no message opened was asked for by a command.
        on: raw.message === undefined ? { kind: 'private' } : spotOf(raw.message, ownMark),
      };
    case InteractionType.Ping:
    case InteractionType.ApplicationCommandAutocomplete:
      return null;
  }
}

/** A button carries its action itself, a menu in the option that was taken. */
function pressed(data: APIMessageComponentInteraction['data'], on: Spot): Asked | null {
  if (data.component_type === ComponentType.Button) return { kind: 'press', action: data.custom_id, on };
  if (data.component_type !== ComponentType.StringSelect) return null;
  const [action] = data.values;
  return action === undefined ? null : { kind: 'press', action, on };
}

/** A post is known by its place, an answer that only its asker was shown by our mark. */
function spotOf(message: APIMessage, ownMark: Mark): Spot {
  if (bears(message, ownMark)) return { kind: 'private' };
  const ephemeral = ((message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  if (ephemeral) return { kind: 'foreign' };
  return { kind: 'post', ref: { channel: message.channel_id, message: message.id } };
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
  // Somebody who has not accepted the server's rules yet, or was only let in to one voice channel.
  const guest = raw.member?.pending === true || ((raw.member?.flags ?? 0) & GuildMemberFlags.IsGuest) !== 0;
  return {
    team: raw.guild_id ?? '',
    channel: parent ?? channel?.id ?? '',
    groups: raw.member?.roles ?? [],
    stranger: isBot || guest || raw.guild_id !== guild,
  };
}

const threads: ReadonlySet<ChannelType> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);
