/** Reads a channel back for a message of ours that bears a mark. */
import { Routes, type APIMessage, type APIUser } from 'discord.js';
import type { Api } from './api.ts';
import { CODES } from './codes.ts';
import { codeOf } from './delivery.ts';
import { bears, type Mark } from './names.ts';

/** Messages Discord gives at once. */
const PAGE = 100;
/** How far back is read, in pages: a post that was cut off is looked for soon, or its run is long over. */
const PAGES = 5;

/**
 * The id of the message, or null when the newest 500 messages there do not hold it. A thread that was never opened
 * holds nothing. Somebody who writes more than that between a crash and the next start hides a post from us; it is then
 * made again.
 */
export async function findMarked(api: Api, channel: string, mark: Mark, isThread: boolean): Promise<string | null> {
  const me = (await api.get(Routes.user())) as APIUser;
  let before: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const messages = await read(api, channel, before, isThread);
    const found = messages.find((message) => message.author.id === me.id && bears(message, mark));
    if (found !== undefined) return found.id;
    before = messages.at(-1)?.id;
    if (messages.length < PAGE || before === undefined) return null;
  }
  return null;
}

async function read(api: Api, channel: string, before: string | undefined, isThread: boolean): Promise<APIMessage[]> {
  try {
    const query = { limit: String(PAGE), ...(before === undefined ? {} : { before }) };
    return (await api.get(Routes.channelMessages(channel), query)) as APIMessage[];
  } catch (error) {
    if (isThread && codeOf(error) === CODES.unknownChannel) return [];
    throw error;
  }
}
