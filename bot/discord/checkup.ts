/** What `npm run doctor` asks Discord. Nothing is posted, and no session is begun: Discord allows 1,000 a day. */
import {
  ChannelType,
  DiscordAPIError,
  Routes,
  type APIApplication,
  type APIGatewayBotInfo,
  type APIGuild,
  type APIGuildMember,
  type APIOverwrite,
  type APIUser,
} from 'discord.js';
import { bad, good, note, type Finding } from '#bot/chat/checkup.ts';
import { oneLine } from '#bot/chat/escape.ts';
import { createApi, SlowDown, type Api } from './api.ts';
import { CODES } from './codes.ts';
import { commandDefinition, type OfferedCommand } from './commands.ts';
import { codeOf, isRefusedToken } from './delivery.ts';
import { inviteLink } from './invite.ts';
import { missingRights, rightsIn } from './permissions.ts';
import { isRegistered } from './register.ts';

/** What is checked. */
export interface DiscordCheckup {
  token: string;
  guild: string;
  /** Ids of the channels runs are told in: that of DISCORD_CHANNEL first, then those of routes. */
  channels: readonly string[];
  apiUrl: string | null;
  commands: readonly OfferedCommand[];
  /** Ids of the roles that rights are given to. */
  groups: readonly string[];
}

/** Longest wait for one answer, milliseconds. */
const WITHIN_MS = 10_000;
/** Longest name that is printed. */
const NAME_LIMIT = 60;
/** With fewer session starts left than this, something starts the bot over and over. */
const FEW_SESSIONS = 100;

/** Checks the token, the server, the channel with the rights in it, and the commands. Never throws. */
export async function* checkDiscord(parts: DiscordCheckup): AsyncGenerator<Finding> {
  const api = createApi({ token: parts.token, apiUrl: parts.apiUrl, timeoutMs: WITHIN_MS });
  try {
    yield* checkAll(api, parts);
  } catch (error) {
    yield unexpected(error);
  } finally {
    api.close();
  }
}

async function* checkAll(api: Api, parts: DiscordCheckup): AsyncGenerator<Finding> {
  const me = await ask<APIUser>(api, Routes.user());
  if (me instanceof Error) return yield tokenFinding(me);
  yield good(`DISCORD_TOKEN is good: ${named(me.username)}`);
  const application = await ask<APIApplication>(api, Routes.currentApplication());
  const link = inviteLink(application instanceof Error ? me.id : application.id);
  yield* checkSessions(api);

  const guild = await ask<APIGuild>(api, Routes.guild(parts.guild));
  const member =
    guild instanceof Error ? guild : await ask<APIGuildMember>(api, Routes.guildMember(parts.guild, me.id));
  if (guild instanceof Error || member instanceof Error) {
    return yield bad(
      `the bot is not in the server ${parts.guild}`,
      `Add it with ${link} or correct DISCORD_GUILD (Developer Mode, right click on the server, Copy Server ID).`,
    );
  }
  yield good(`the bot is in the server ${named(guild.name)} (add it to another one with ${link})`);
  for (const [index, channel] of parts.channels.entries()) {
    const setting = index === 0 ? 'DISCORD_CHANNEL' : 'routes in rescrape.config.ts';
    yield* checkChannel(api, { id: channel, setting }, { me: me.id, guild, roles: member.roles });
  }
  for (const group of parts.groups.filter((id) => !guild.roles.some((role) => role.id === id))) {
    yield bad(
      `the role ${group} of access in rescrape.config.ts is not one of this server`,
      'Correct its id in access.',
    );
  }
  yield await checkCommands(api, parts, application instanceof Error ? me.id : application.id, link);
}

async function* checkSessions(api: Api): AsyncGenerator<Finding> {
  const gateway = await ask<APIGatewayBotInfo>(api, Routes.gatewayBot());
  if (gateway instanceof Error) return;
  const { remaining, total } = gateway.session_start_limit;
  if (remaining >= FEW_SESSIONS) return;
  yield note(
    `only ${remaining} of ${total} connections are left for today`,
    'Something starts this bot over and over: stop it, or Discord resets the token.',
  );
}

async function* checkChannel(
  api: Api,
  { id, setting }: { id: string; setting: string },
  bot: { me: string; guild: APIGuild; roles: readonly string[] },
): AsyncGenerator<Finding> {
  const channel = await ask<{
    name?: string;
    type: ChannelType;
    guild_id?: string;
    permission_overwrites?: APIOverwrite[];
  }>(api, Routes.channel(id));
  if (channel instanceof Error) {
    const code = codeOf(channel);
    if (code === CODES.missingAccess) {
      return yield bad(
        `the bot does not see the channel ${id}`,
        'Let it in: Edit Channel, Permissions, Add members or roles, the bot; with View Channel.',
      );
    }
    if (code === CODES.unknownChannel) return yield bad(`there is no channel ${id}`, `Correct ${setting}.`);
    return yield unexpected(channel);
  }
  const name = `#${named(channel.name)}`;
  if (channel.guild_id !== bot.guild.id) {
    return yield bad(`${name} belongs to another server`, `Correct ${setting} or DISCORD_GUILD.`);
  }
  if (channel.type !== ChannelType.GuildText && channel.type !== ChannelType.GuildAnnouncement) {
    return yield bad(`${name} is no text channel`, `Name a text channel in ${setting}: runs are threads in it.`);
  }
  const bits = rightsIn({
    guild: bot.guild.id,
    member: bot.me,
    memberRoles: bot.roles,
    roles: bot.guild.roles,
    overwrites: channel.permission_overwrites ?? [],
  });
  const missing = missingRights(bits);
  if (missing.length === 0) return yield good(`the bot may do in ${name} whatever it has to`);
  yield bad(
    `the bot lacks rights in ${name}: ${missing.join(', ')}`,
    `Allow them to the bot's role or to the bot itself: Edit Channel, Permissions of ${name}.`,
  );
}

async function checkCommands(api: Api, parts: DiscordCheckup, application: string, link: string): Promise<Finding> {
  try {
    const there = await isRegistered(api, application, parts.guild, commandDefinition(parts.commands));
    return there
      ? good('/scrape is known to the server')
      : note('/scrape is not known to the server yet, or is an older one', 'The bot registers it whenever it starts.');
  } catch (error) {
    if (codeOf(error) !== CODES.missingAccess) return unexpected(error);
    return bad('the bot may not have commands in this server', `Add it once more, with ${link}`);
  }
}

/** An answer of Discord's, or the error. */
async function ask<T>(api: Api, route: `/${string}`): Promise<T | Error> {
  try {
    return (await api.get(route)) as T;
  } catch (error) {
    return error instanceof Error ? error : new Error('unknown');
  }
}

function tokenFinding(error: unknown): Finding {
  if (!isRefusedToken(error)) return unexpected(error);
  return bad(
    'DISCORD_TOKEN is refused',
    'Put in the token of the bot: discord.com/developers/applications, your application, Bot, Reset Token.',
  );
}

function unexpected(error: unknown): Finding {
  if (error instanceof SlowDown) return bad('Discord asks to slow down', 'Try again in a minute.');
  if (error instanceof DiscordAPIError) {
    return bad(
      `Discord refuses to answer (code ${Number(error.code)}, HTTP ${error.status})`,
      'Try again in a minute.',
    );
  }
  return bad('Discord cannot be reached', 'See that this machine reaches discord.com, then try again.');
}

function named(text: string | undefined): string {
  return oneLine(text ?? '?', NAME_LIMIT);
}
