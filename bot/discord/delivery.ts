/** What an error of Discord's API means for a delivery, in words that say what to do. */
import { DiscordAPIError } from 'discord.js';
import { DeliveryError } from '#bot/chat/surface.ts';
import { sentence } from '#bot/chat/wording.ts';
import { SlowDown } from './api.ts';
import { CODES } from './codes.ts';

/** What a refused token means. */
export const TOKEN_WORDS = 'Discord does not accept DISCORD_TOKEN: put in the token of the bot, and restart.';
/** Discord does not say how many edits an old message has, nor when the next one is free. Milliseconds. */
const OLD_MESSAGE_MS = 300_000;
/** Too many live threads: some are archived every hour. Milliseconds. */
const THREADS_FULL_MS = 600_000;

/** Discord's code of an error, or null where it has none. */
export function codeOf(error: unknown): number | null {
  if (error instanceof SlowDown) return error.code;
  return error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : null;
}

/** An error as log fields. The error itself is never logged: its address can hold the token of an interaction. */
export function logFields(error: unknown): { error: string; code?: number; status?: number } {
  if (error instanceof DiscordAPIError)
    return { error: 'Discord refused', code: Number(error.code), status: error.status };
  if (error instanceof SlowDown) return { error: 'Discord asks to slow down', code: error.code };
  const { name, code, status } = (error ?? {}) as { name?: unknown; code?: unknown; status?: unknown };
  const kind = [name, code].filter((part): part is string => typeof part === 'string').join(' ');
  return { error: kind || 'unknown', ...(typeof status === 'number' ? { status } : {}) };
}

/** True for a token that Discord does not accept. */
export function isRefusedToken(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 401;
}

/** Where something was to be delivered, and what follows when it was not. */
export interface Destination {
  /** The channel, as a remedy names it. */
  place: string;
  /**
   * What Discord refused is not tried again sooner, milliseconds: 10,000 refusals in ten minutes ban the whole address,
   * and it stays so until somebody puts something right.
   */
  refusedMs: number;
}

/** Says what an error means for a message. `gone` is decided by who knows whether a thread or the channel was meant. */
export function toDeliveryError(error: unknown, { place, refusedMs }: Destination): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof SlowDown) {
    if (error.code !== CODES.oldMessageEdits) return later('Discord asks to slow down.', error.retryAfterMs);
    const wait = Math.max(error.retryAfterMs, OLD_MESSAGE_MS);
    return later('Discord takes few changes of an old message.', wait, { onlyThis: true });
  }
  if (!(error instanceof DiscordAPIError)) return later('Discord does not answer.');
  if (error.status === 401) {
    // The surface's state says it for all channels.
    return later(TOKEN_WORDS, refusedMs);
  }
  switch (error.code) {
    case CODES.unknownMessage:
      return new DeliveryError('gone', 'The message was deleted.');
    case CODES.notOurs:
      return new DeliveryError('gone', 'The message is of another bot, which the token was for before.');
    case CODES.unknownChannel:
    case CODES.unknownGuild:
      return never(`${sentence(place)} does not exist any more: name another one.`, { needsPerson: true });
    case CODES.missingAccess:
      return remedy(
        `The bot cannot see ${place}: allow it “View Channel” and “Read Message History” there.`,
        refusedMs,
      );
    case CODES.missingPermissions:
      return remedy(
        `The bot may not write in ${place}: allow it “Send Messages”, “Create Public Threads” and “Send Messages in Threads” there.`,
        refusedMs,
      );
    case CODES.threadLocked:
      return never('The thread is locked: unlock it, or give the bot “Manage Threads”.');
    case CODES.archivedThread:
      return never('The thread is archived and cannot be opened again: open it, or give the bot “Manage Threads”.');
    case CODES.threadsFull:
      return later('The server has as many open threads as Discord allows.', THREADS_FULL_MS);
    case CODES.invalidBody:
      return never('Discord does not take the form of this message: please report this.');
    default:
      return error.status >= 500 || error.status === 403 || error.status === 404
        ? later('Discord answered with an error of its own.', error.status === 403 ? refusedMs : 0)
        : never(`Discord refused the message (code ${Number(error.code)}).`);
  }
}

function later(why: string, retryAfterMs = 0, more: { onlyThis?: boolean } = {}): DeliveryError {
  return new DeliveryError('later', why, retryAfterMs, more);
}

/** What somebody has to put right; it is tried again now and then. */
function remedy(why: string, refusedMs: number): DeliveryError {
  return new DeliveryError('later', why, refusedMs, { needsPerson: true });
}

function never(why: string, more: { needsPerson?: boolean } = {}): DeliveryError {
  return new DeliveryError('never', why, 0, more);
}
