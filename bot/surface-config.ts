/** The variables of Slack and Discord: which belong together, and what is missing when only some are set. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** Where Slack's requests are taken unless told otherwise: beside the status page, on this machine only. */
const SLACK_PORT = 3001;
const SLACK_HOST = '127.0.0.1';

/** A port to listen on; 0 takes any free one. */
export const portNumber = z.coerce
  .number('must be a port number, 0 to 65535')
  .int('must be a port number, 0 to 65535')
  .min(0, 'must be a port number, 0 to 65535')
  .max(65_535, 'must be a port number, 0 to 65535');

const apiUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional();

/** One variable each; what they mean together is for {@link slackOf} and {@link discordOf}. */
export const surfaceVariables = {
  SLACK_BOT_TOKEN: z
    .string()
    .regex(
      /^xoxb-[\w-]+$/,
      'must be the bot token of the Slack app, alone: it begins with xoxb- (Install App, Bot User OAuth Token)',
    )
    .optional(),
  SLACK_APP_TOKEN: z
    .string()
    .regex(
      /^xapp-[\w-]+$/,
      'must be an app-level token with connections:write, alone: it begins with xapp- (Basic Information, App-Level Tokens)',
    )
    .optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(
      /^[0-9A-Za-z]{16,128}$/,
      'must be the signing secret of the Slack app (Basic Information, App Credentials): letters and digits only',
    )
    .optional(),
  SLACK_CHANNEL: z
    .string()
    .regex(
      /^[CG][A-Z0-9]+$/,
      'must be the id of a channel, like C0123456789: it stands at the bottom of About, when you click its name',
    )
    .optional(),
  SLACK_PORT: portNumber.optional(),
  SLACK_HOST: z
    .string()
    .refine((text) => isIP(text) !== 0, 'must be an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them')
    .optional(),
  SLACK_API_URL: apiUrl,
  DISCORD_TOKEN: z
    .string()
    .regex(/^(?!Bot )[!-~]+$/, 'must be the token of the Discord bot, alone: no spaces, and without the word Bot')
    .optional(),
  DISCORD_GUILD: z
    .string()
    .regex(
      /^\d{1,20}$/,
      'must be the id of a server, a long number: Developer Mode, right click on its icon, Copy Server ID',
    )
    .optional(),
  DISCORD_CHANNEL: z
    .string()
    .regex(
      /^\d{1,20}$/,
      'must be the id of a channel, a long number: Developer Mode, right click on it, Copy Channel ID',
    )
    .optional(),
  DISCORD_API_URL: apiUrl,
};

/** Slack, when it is set up. Its requests come over connections of ours, or over HTTP: one of the two is null. */
export interface SlackConfig {
  botToken: string;
  appToken: string | null;
  channel: string;
  apiUrl: string | null;
  http: SlackHttpConfig | null;
}

/** Where Slack's requests are taken over HTTP, and the secret they are signed with. */
export interface SlackHttpConfig {
  signingSecret: string;
  port: number;
  host: string;
}

/** Discord, when it is set up. */
export interface DiscordConfig {
  token: string;
  guild: string;
  channel: string;
  apiUrl: string | null;
}

/** The variables as they are given, an empty one left out. What is wrong with a single one is said elsewhere. */
type Given = Readonly<Record<string, string | undefined>>;

/** Slack's variables taken together; null when Slack is not set up. What is missing or contradicts is added to `faults`. */
export function slackOf(given: Given, statusPort: number | null, faults: string[]): SlackConfig | null {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = given;
  const { SLACK_CHANNEL: channel, SLACK_PORT: port, SLACK_HOST: host } = given;
  if ([botToken, appToken, signingSecret, channel, port, host].every((value) => value === undefined)) return null;
  if (botToken === undefined) faults.push('SLACK_BOT_TOKEN is missing: Slack is set up in part (docs/slack.md)');
  if (channel === undefined) faults.push('SLACK_CHANNEL is missing: Slack is set up in part (docs/slack.md)');
  if (appToken === undefined && signingSecret === undefined) {
    faults.push(
      'SLACK_APP_TOKEN is missing: Slack is set up in part (docs/slack.md); or set SLACK_SIGNING_SECRET, when Slack can reach this machine over HTTP',
    );
  }
  const overHttp = appToken === undefined;
  for (const [name, value] of Object.entries({ SLACK_PORT: port, SLACK_HOST: host })) {
    if (overHttp || value === undefined) continue;
    faults.push(`${name} is for Slack over HTTP, and SLACK_APP_TOKEN turns that off: unset one of the two`);
  }
  const own = Number(port ?? SLACK_PORT);
  if (overHttp && signingSecret !== undefined && own !== 0 && own === statusPort) {
    faults.push(`SLACK_PORT must differ from PORT: the status page is served on ${own}, and Slack's requests are not`);
  }
  if (botToken === undefined || channel === undefined) return null;
  const http = signingSecret === undefined ? null : { signingSecret, port: own, host: host ?? SLACK_HOST };
  if (appToken === undefined && http === null) return null;
  return {
    botToken,
    appToken: appToken ?? null,
    channel,
    apiUrl: given['SLACK_API_URL'] ?? null,
    http: overHttp ? http : null,
  };
}

/** Discord's variables taken together; null when Discord is not set up. What is missing is added to `faults`. */
export function discordOf(given: Given, faults: string[]): DiscordConfig | null {
  const { DISCORD_TOKEN: token, DISCORD_GUILD: guild, DISCORD_CHANNEL: channel } = given;
  if (token === undefined && guild === undefined && channel === undefined) return null;
  if (token === undefined) faults.push('DISCORD_TOKEN is missing: Discord is set up in part (docs/discord.md)');
  if (guild === undefined) faults.push('DISCORD_GUILD is missing: Discord is set up in part (docs/discord.md)');
  if (channel === undefined) faults.push('DISCORD_CHANNEL is missing: Discord is set up in part (docs/discord.md)');
  if (token === undefined || guild === undefined || channel === undefined) return null;
  return { token, guild, channel, apiUrl: given['DISCORD_API_URL'] ?? null };
}
