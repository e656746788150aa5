/** Why the connection is down, for people: it names the variable that is wrong, never its value. */
import { DiscordjsError, DiscordjsErrorCodes, RateLimitError, type Client } from 'discord.js';
import { waitAskedFor } from '#bot/chat/wait-asked-for.ts';
import { CLOSES } from './codes.ts';
import { TOKEN_WORDS } from './delivery.ts';
import { inviteLink } from './invite.ts';

/** A close that only a person can change: a wrong token, an intent or a version that is not allowed. */
export function isConfigurationClose(code: number): boolean {
  return closesByConfiguration.has(code);
}

const closesByConfiguration: ReadonlySet<number> = new Set(Object.values(CLOSES));

/** What a close code means. */
export function closeWords(code: number): string {
  if (code === CLOSES.authenticationFailed) return TOKEN_WORDS;
  if (isConfigurationClose(code)) return `Discord refuses the bot (close code ${code}): it may need an update.`;
  return 'The connection to Discord was closed.';
}

/** What a failed login means. `waitMs`: Discord wants to be left alone for so long. */
export function loginWords(error: unknown): { why: string; refused: boolean; waitMs?: number } {
  if (error instanceof RateLimitError) {
    const why = 'Discord asks to wait before connecting again.';
    return { why, refused: false, waitMs: waitAskedFor(error.retryAfter / 1000) };
  }
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) {
    return { why: TOKEN_WORDS, refused: true };
  }
  const text = error instanceof Error ? error.message : '';
  if (text === 'Authentication failed') return { why: TOKEN_WORDS, refused: true };
  if (text.startsWith('Not enough sessions')) {
    return { why: 'Discord allows the bot no new session today: it tries again later.', refused: true };
  }
  return { why: 'Discord cannot be reached: it is tried again.', refused: false };
}

/** What is wrong with the place the bot should talk in; null when nothing is. */
export function placeWords(client: Client, guildId: string, channelId: string): string | null {
  const guild = client.guilds.cache.get(guildId);
  if (guild === undefined) {
    const link = inviteLink(client.application?.id ?? '');
    return `The bot is not in the server of DISCORD_GUILD: add it with ${link} or correct the id.`;
  }
  if (!guild.available) return 'The server of DISCORD_GUILD is unavailable at Discord: it will come back by itself.';
  return guild.channels.cache.has(channelId)
    ? null
    : 'The channel of DISCORD_CHANNEL is not in the server of DISCORD_GUILD: correct one of them.';
}
