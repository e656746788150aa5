/** Sends new messages: silently, each with a nonce of its own, so that Discord makes one of all tries. */
import { MessageFlags, Routes, type APIMessage } from 'discord.js';
import type { Message } from '#bot/chat/message.ts';
import { DeliveryError, type PostName } from '#bot/chat/surface.ts';
import type { Api } from './api.ts';
import { CODES } from './codes.ts';
import { mentioned, toComponents } from './components.ts';
import { codeOf } from './delivery.ts';
import { markOf, nonceOf } from './names.ts';

/** Nothing a message holds may ping anybody; said in every call, because an edit without it asks again by default. */
export const SILENT = { parse: [] } as const;
/** How often a lost message is given back at most. */
const PATIENCE = 5;
/** What is remembered of lost messages is a shortcut only, and is forgotten when it is this much. */
const MEMORY_LIMIT = 1_000;

/** What is sent: a message, and the bytes of its file where it has one that is still kept. */
export interface Sending {
  message: Message;
  bytes: Uint8Array | null;
}

/** What sending is made of; `refusedMs` is how long a missing right is waited for. */
export interface SenderParts {
  api: Api;
  installation: string;
  refusedMs: number;
}

/** Makes the sender. It throws the library's errors, and {@link DeliveryError} for a missing right to files. */
export function createSender({ api, installation, refusedMs }: SenderParts) {
  /** Messages that were deleted, are another bot's, or can have no thread any more. */
  const lost = new Set<string>();

  /** Discord gives a message back for the nonce it was sent with, for some minutes, even when it is lost. */
  async function send(where: string, sending: Sending, name: PostName): Promise<unknown> {
    for (let again = 0; ; again += 1) {
      const sent = (await sendOnce(where, sending, name, again)) as APIMessage;
      if (!lost.has(sent.id) || again >= PATIENCE) return sent;
    }
  }

  function sendOnce(where: string, { message, bytes }: Sending, name: PostName, again: number): Promise<unknown> {
    const body = {
      ...bodyOf(message, name, installation),
      ...leaveToMention(message),
      nonce: nonceOf(installation, where, name.runId, name.slot, again),
      enforce_nonce: true,
    };
    if (message.file === null || bytes === null) return api.post(Routes.channelMessages(where), body);
    const { name: filename } = message.file;
    const attachments = [{ id: '0', filename }];
    const files = [{ name: filename, data: bytes, contentType: 'text/csv' }];
    return api.post(Routes.channelMessages(where), { ...body, attachments }, files).catch((error: unknown) => {
      throw codeOf(error) === CODES.missingPermissions ? noFiles(refusedMs) : error;
    });
  }

  return {
    send,
    /** This message is lost: what is sent in its place is another one. */
    lose(message: string): void {
      if (lost.size >= MEMORY_LIMIT) lost.clear();
      lost.add(message);
    },
  };
}

/** Files take a right of their own: without it only they wait, and nothing else. */
function noFiles(refusedMs: number): DeliveryError {
  const why = 'The bot may not put files into its threads: allow it “Attach Files” there.';
  return new DeliveryError('later', why, refusedMs, { needsPerson: true, onlyThis: true });
}

/** The body of a new message or of an edit. */
export function bodyOf(message: Message, name: PostName, installation: string) {
  return {
    components: toComponents(message, markOf(installation, name)),
    flags: MessageFlags.IsComponentsV2,
    allowed_mentions: SILENT,
  };
}

/** A new message may ping the one person it mentions; an edit nobody. */
function leaveToMention(message: Message) {
  const who = mentioned(message);
  return who === null ? {} : { allowed_mentions: { ...SILENT, users: [who] } };
}
