/** Cards in the channel, replies in their threads: posting, editing, and finding again what may have been posted. */
import { MessageFlags, Routes, ThreadAutoArchiveDuration, type APIMessage } from 'discord.js';
import type { Message } from '#bot/chat/message.ts';
import { DeliveryError, type PostName, type PostRef } from '#bot/chat/surface.ts';
import { SlowDown, type Api } from './api.ts';
import { CODES } from './codes.ts';
import { toComponents } from './components.ts';
import { codeOf, isRefusedToken, toDeliveryError } from './delivery.ts';
import { findMarked } from './find.ts';
import { markOf, nonceOf, ownMarkOf } from './names.ts';
import { refOf, type Ref } from './post-ref.ts';
import { bodyOf, createSender, SILENT, type Sending } from './sender.ts';

/** What is remembered of threads and slow-downs is a shortcut only, and is forgotten when it is this much. */
const MEMORY_LIMIT = 1_000;

/** What posting is made of. */
export interface PostsParts {
  api: Api;
  channel: string;
  /** After a refused token nothing is sent for this long; what somebody has to put right is tried again then. Milliseconds. */
  refusedMs: number;
  /** Which installation posts: its runs are numbered from 1 like everybody else's. */
  installation: string;
  /** The bytes of a message's file; null when they are no longer kept. */
  readFile: (id: number) => Promise<Uint8Array | null>;
}

/** Delivery of messages; everything throws `DeliveryError`. */
export interface Posts {
  post(name: PostName, message: Message, thread: PostRef | null): Promise<PostRef>;
  edit(name: PostName, ref: PostRef, message: Message): Promise<void>;
  find(name: PostName, thread: PostRef | null): Promise<PostRef | null>;
  /** Says something in a channel or thread that is no post: once per id, without a reference. */
  tell(id: string, channel: string, message: Message): Promise<void>;
  /** The token is good again: what was held back may go out. */
  trust(): void;
  /** True from a refused token until one is taken. */
  isRefused(): boolean;
}

/** Opens delivery; a name without a channel is delivered at home, in `channel`. */
export function createPosts({ api, channel, refusedMs, installation, readFile }: PostsParts): Posts {
  const threads = new Set<string>();
  const holds = new Map<string, number>();
  const { send, lose } = createSender({ api, installation, refusedMs });
  let refused = false;

  /** Delivers unless Discord wants to be left alone. `place`: the channel it is for, by its id. */
  async function guarded<T>(where: string, place: string, deliver: () => Promise<T>): Promise<T> {
    const until = Math.max(holds.get(where) ?? 0, holds.get('') ?? 0);
    if (until > Date.now()) throw new DeliveryError('later', 'Discord asks to slow down.', until - Date.now());
    try {
      const delivered = await deliver();
      refused = false;
      return delivered;
    } catch (error) {
      if (error instanceof SlowDown && error.code !== CODES.oldMessageEdits) {
        if (holds.size >= MEMORY_LIMIT) holds.clear();
        holds.set(error.everywhere ? '' : where, Date.now() + error.retryAfterMs);
      }
      if (isRefusedToken(error)) {
        refused = true;
        holds.set('', Date.now() + refusedMs);
      }
      throw toDeliveryError(error, { place: placeName(place), refusedMs });
    }
  }

  /** How a channel is called in a remedy. */
  function placeName(place: string): string {
    return place === channel ? 'the channel of DISCORD_CHANNEL' : `the channel ${place} of a route`;
  }

  /** A message with the bytes of its file. Without them, what it says of the file is told all the same. */
  async function sendingOf(message: Message): Promise<Sending> {
    const bytes = message.file === null ? null : await readFile(message.file.id);
    return { message: bytes === null ? { ...message, file: null } : message, bytes };
  }

  /** A message has one thread, with the message's own id. */
  async function openThread(card: Ref, name: string): Promise<void> {
    if (threads.has(card.message)) return;
    try {
      await api.post(Routes.threads(card.channel, card.message), {
        name,
        auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
      });
    } catch (error) {
      if (codeOf(error) !== CODES.threadExists) throw error;
    }
    if (threads.size >= MEMORY_LIMIT) threads.clear();
    threads.add(card.message);
  }

  async function reply(card: Ref, message: Sending, name: PostName): Promise<unknown> {
    const title = card.title ?? `Run ${name.runId}`;
    await openThread(card, title);
    try {
      return await send(card.message, message, name);
    } catch (error) {
      if (codeOf(error) !== CODES.unknownChannel) throw error;
    }
    // The thread was deleted since: the card may take a new one.
    threads.delete(card.message);
    await openThread(card, title);
    try {
      return await send(card.message, message, name);
    } catch (error) {
      if (codeOf(error) !== CODES.unknownChannel) throw error;
      // A card whose thread cannot be opened anew has to make room for another one.
      lose(card.message);
      throw new DeliveryError('gone', 'The thread was deleted.');
    }
  }

  async function change(ref: Ref, name: PostName, message: Message): Promise<void> {
    const route = Routes.channelMessage(ref.channel, ref.message);
    try {
      await api.patch(route, bodyOf(message, name, installation));
    } catch (error) {
      if (codeOf(error) !== CODES.archivedThread) throw error;
      await reopen(ref.channel);
      await api.patch(route, bodyOf(message, name, installation));
    }
  }

  async function reopen(thread: string): Promise<void> {
    try {
      await api.patch(Routes.channel(thread), { archived: false });
    } catch (error) {
      if (codeOf(error) !== CODES.missingPermissions) throw error;
      throw new DeliveryError('never', 'The thread is locked: unlock it, or give the bot “Manage Threads”.');
    }
  }

  function noteGone(error: unknown, ref: Ref, name: PostName): unknown {
    const code = codeOf(error);
    const isThread = ref.channel !== (name.channel ?? channel);
    const isGone = code === CODES.unknownMessage || (code === CODES.unknownChannel && isThread);
    if (!isGone && code !== CODES.notOurs) return error;
    lose(ref.message);
    if (!isGone) return error;
    return new DeliveryError('gone', isThread ? 'The message or its thread was deleted.' : 'The message was deleted.');
  }

  return {
    async post(name, message, thread) {
      const card = thread === null ? null : refOf(thread);
      const place = card?.channel ?? name.channel ?? channel;
      const where = card?.message ?? place;
      const sending = await sendingOf(message);
      const sent = await guarded(where, place, () =>
        card === null ? send(where, sending, name) : reply(card, sending, name),
      );
      const id = idOf(sent);
      if (card === null) return { channel: where, message: id, title: `Run ${name.runId}` };
      return { channel: where, message: id, ...(sending.bytes === null ? {} : { file: true }) };
    },
    async edit(name, stored, message) {
      const ref = refOf(stored);
      const told = stored['file'] === true ? message : { ...message, file: null };
      await guarded(ref.channel, name.channel ?? channel, () =>
        change(ref, name, told).catch((error: unknown) => {
          throw noteGone(error, ref, name);
        }),
      );
    },
    async find(name, thread) {
      const place = name.channel ?? channel;
      const where = thread === null ? place : refOf(thread).message;
      const mark = markOf(installation, name);
      const id = await guarded(where, place, () => findMarked(api, where, mark, thread !== null));
      if (id === null) return null;
      return thread === null
        ? { channel: where, message: id, title: `Run ${name.runId}` }
        : { channel: where, message: id, ...(name.slot.startsWith('file:') ? { file: true } : {}) };
    },
    async tell(id, where, message) {
      await guarded(where, where, () =>
        api.post(Routes.channelMessages(where), {
          components: toComponents(message, ownMarkOf(installation)),
          flags: MessageFlags.IsComponentsV2,
          allowed_mentions: SILENT,
          nonce: nonceOf(installation, 'tell', id),
          enforce_nonce: true,
        }),
      );
    },
    trust() {
      refused = false;
      holds.delete('');
    },
    isRefused: () => refused,
  };
}

/** An answer that names no message, a proxy's page for instance, tells nothing: the message is looked for. */
function idOf(sent: unknown): string {
  const { id } = (sent ?? {}) as Partial<APIMessage>;
  if (typeof id !== 'string') throw new DeliveryError('later', 'Discord took a message without naming it.');
  return id;
}
