/** Posts, edits and look-ups in the channel that runs are told in. */
import { z } from 'zod';
import type { Message } from '#bot/chat/message.ts';
import { DeliveryError, type PostName, type PostRef } from '#bot/chat/surface.ts';
import type { WebClient } from '@slack/web-api';
import { renderMessage, shortText, type Rendered } from './blocks.ts';
import { deliveryError, isTextFault, retryAfter } from './faults.ts';
import type { SlackOptions, SlackTiming } from './options.ts';
import { openPace } from './pace.ts';
import { blockIds, isPost, postMetadata } from './post-name.ts';

/** Messages asked for at once while looking for a post, and pages read at most: a post is looked for soon after it was sent. */
const PAGE = 200;
const PAGES = 10;

/** A stored reference. Time stamps are strings: as numbers they lose digits. `thread` is null for a card. */
const Ref = z.object({ channel: z.string(), ts: z.string(), thread: z.string().nullable() });
type Ref = z.infer<typeof Ref>;

/** Nothing in a message is parsed, linked or unfolded. Edits parse by default, so both calls say so. */
const literal = { parse: 'none', link_names: false } as const;

/** What posting needs, and who hears about refused tokens. */
export interface PostsParts {
  client: WebClient;
  options: SlackOptions;
  timing: SlackTiming;
  /** Called with the error of each failed call, and with null after one that succeeded. */
  onOutcome: (error: unknown) => void;
}

/** Opens the way into the channel. Every function throws {@link DeliveryError} only. */
export function openPosts({ client, options, timing, onOutcome }: PostsParts) {
  const { postMessage: postNew, update } = client.chat;
  const posting = openPace(timing.burst, timing.paceMs);
  const editing = openPace(timing.burst, timing.paceMs);

  async function call<T>(made: () => Promise<T>): Promise<T> {
    try {
      const result = await made();
      onOutcome(null);
      return result;
    } catch (error) {
      onOutcome(error);
      const wait = retryAfter(error);
      if (wait > 0) for (const pace of [posting, editing]) pace.hold(wait);
      throw error;
    }
  }

  /** Sends a message whole; when Slack refuses its text or blocks, once more as a plain line. */
  async function send<T>(message: Message, whole: Rendered, made: (rendered: Rendered) => Promise<T>): Promise<T> {
    try {
      return await call(() => made(whole));
    } catch (error) {
      if (!isTextFault(error)) throw deliveryError(error);
    }
    return call(() => made({ text: shortText(message), blocks: [] })).catch(refused);
  }

  function drawn(name: PostName, message: Message, card: boolean): Rendered {
    return renderMessage(message, { card, id: blockIds(name, JSON.stringify(message)) });
  }

  return {
    async post(name: PostName, message: Message, thread: PostRef | null): Promise<PostRef> {
      const parent = thread === null ? null : readRef(thread);
      return posting.run(() =>
        send(message, drawn(name, message, parent === null), async ({ text, blocks }) => {
          const channel = parent?.channel ?? options.channel;
          const metadata = postMetadata(name, options.installation);
          const { ts } = await postNew({
            channel,
            text,
            blocks,
            metadata,
            ...literal,
            unfurl_links: false,
            unfurl_media: false,
            ...(parent === null ? {} : { thread_ts: parent.ts }),
          });
          if (ts === undefined) throw new DeliveryError('later', 'Slack took a message without naming it.');
          return { channel, ts, thread: parent?.ts ?? null } satisfies Ref;
        }),
      );
    },
    async edit(name: PostName, stored: PostRef, message: Message): Promise<void> {
      const ref = readRef(stored);
      return editing.run(async () => {
        await send(message, drawn(name, message, ref.thread === null), ({ text, blocks }) => {
          const metadata = postMetadata(name, options.installation);
          return update({ channel: ref.channel, ts: ref.ts, text, blocks, metadata, ...literal });
        });
      });
    },
    async find(name: PostName, thread: PostRef | null): Promise<PostRef | null> {
      const parent = thread === null ? null : readRef(thread);
      const channel = parent?.channel ?? options.channel;
      let cursor: string | undefined;
      for (let page = 0; page < PAGES; page += 1) {
        const asked = { channel, limit: PAGE, cursor, include_all_metadata: true };
        const found = await call(() =>
          parent === null
            ? client.conversations.history(asked)
            : client.conversations.replies({ ...asked, ts: parent.ts }),
        ).catch(refused);
        const message = found.messages?.find((one) => isPost(one.metadata, name, options.installation));
        if (message?.ts !== undefined) return { channel, ts: message.ts, thread: parent?.ts ?? null } satisfies Ref;
        cursor = found.response_metadata?.next_cursor;
        if (cursor === undefined || cursor === '') return null;
      }
      return null;
    },
    close() {
      posting.close();
      editing.close();
    },
  };
}

function refused(error: unknown): never {
  throw deliveryError(error);
}

function readRef(stored: PostRef): Ref {
  const ref = Ref.safeParse(stored);
  if (!ref.success) throw new DeliveryError('gone', 'The reference of this message cannot be read.');
  return ref.data;
}
