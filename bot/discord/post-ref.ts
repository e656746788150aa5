/** Discord's own reference to one of our messages, as it is stored. */
import { DeliveryError, type PostRef } from '#bot/chat/surface.ts';

/** Where a message is, and under which name its thread runs. */
export interface Ref {
  channel: string;
  message: string;
  /** What the thread under a card is called. */
  title: string | null;
}

/** Reads a stored reference; one that is none counts as gone, so that the message is made anew. */
export function refOf(ref: PostRef): Ref {
  const { channel, message, title } = ref;
  if (typeof channel !== 'string' || typeof message !== 'string') {
    throw new DeliveryError('gone', 'What is stored about this message is not a reference to one.');
  }
  return { channel, message, title: typeof title === 'string' ? title : null };
}

/** Where one of our messages is opened in Discord's client; null for what is no reference to one. */
export function messageUrl(guild: string, ref: PostRef): string | null {
  const { channel, message } = ref;
  if (typeof channel !== 'string' || typeof message !== 'string') return null;
  return `https://discord.com/channels/${guild}/${channel}/${message}`;
}
