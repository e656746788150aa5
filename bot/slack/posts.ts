/** Posts, edits and look-ups in the channels that runs are told in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Message } from '#bot/chat/message.ts';
import { DeliveryError, type PostName, type PostRef } from '#bot/chat/surface.ts';
import type { WebClient } from '@slack/web-api';
import { renderMessage, shortText, type Rendered } from './blocks.ts';
import { deliveryError, isTextFault, retryAfter, slackCode, type Destination } from './faults.ts';
import type { SlackOptions, SlackTiming } from './options.ts';
import { openPace, type Pace } from './pace.ts';
import { blockIds, isPost, postMetadata } from './post-name.ts';
import { carriesFile, shareFile } from './upload.ts';

/** Messages asked for at once while looking for a post, and pages read at most: a post is looked for soon after it was sent. */
const PAGE = 200;
const PAGES = 10;

/** A stored reference. Time stamps are strings: as numbers they lose digits. `thread` is null for a card. */
const Ref = z.object({
  channel: z.string(),
  ts: z.string(),
  thread: z.string().nullable(),
  /** Set for a shared file, whose message Slack does not name: its `ts` is empty, and it is never edited. */
  file: z.string().optional(),
});
type Ref = z.infer<typeof Ref>;

/** Nothing in a message is parsed or linked. Edits parse by default, so both calls say so. */
const literal = { parse: 'none', link_names: false } as const;
/** A post says besides that nothing it names is looked at and shown below it. */
const folded = { ...literal, unfurl_links: false, unfurl_media: false } as const;

/** What posting needs, and who hears about refused tokens. */
export interface PostsParts {
  client: WebClient;
  options: SlackOptions;
  timing: SlackTiming;
  /** Called with the error of each failed call, and with null after one that succeeded. */
  onOutcome: (error: unknown) => void;
  /** The bytes of a message's file; null when they are no longer kept. */
  readFile: (id: number) => Promise<Uint8Array | null>;
}

/** Opens the way into the channels. Every function throws {@link DeliveryError} only. */
export function openPosts({ client, options, timing, onOutcome, readFile }: PostsParts) {
  const { postMessage: postNew, update } = client.chat;
  const closing = new AbortController();
  /** One post a second is Slack's measure for a channel; fifty edits a minute, and looks, are for all of them. */
  const lanes = new Map<string, Pace>();
  const editing = openPace(timing.burst, timing.editPaceMs);
  const looking = openPace(timing.burst, timing.editPaceMs);

  function laneOf(channel: string): Pace {
    const lane = lanes.get(channel) ?? openPace(timing.burst, timing.paceMs);
    lanes.set(channel, lane);
    return lane;
  }

  /** One call in its lane. Slack counts each method by itself, so a 429 holds this lane and no other. */
  async function call<T>(lane: Pace, made: () => Promise<T>): Promise<T> {
    try {
      const result = await made();
      onOutcome(null);
      return result;
    } catch (error) {
      onOutcome(error);
      lane.hold(retryAfter(error));
      throw error;
    }
  }

  /** Sends a message whole; when Slack refuses its text or blocks, once more as a plain line. */
  async function send<T>(
    { lane, channel, message, whole }: { lane: Pace; channel: string; message: Message; whole: Rendered },
    made: (rendered: Rendered) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(lane, () => made(whole));
    } catch (error) {
      if (!isTextFault(error)) throw deliveryError(error, destination(channel));
    }
    return call(lane, () => made({ text: shortText(message), blocks: [] })).catch((error: unknown) => {
      throw deliveryError(error, destination(channel));
    });
  }

  function destination(channel: string): Destination {
    const place = channel === options.channel ? 'the channel of SLACK_CHANNEL' : `the channel ${channel} of a route`;
    return { place, remedyMs: timing.remedyMs };
  }

  /** Looks for a post once, as far back as is worth it. */
  async function look(name: PostName, channel: string, parent: Ref | null): Promise<string | null> {
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page += 1) {
      const asked = { channel, limit: PAGE, cursor, include_all_metadata: true };
      const found = await looking
        .run(() =>
          call(looking, () =>
            parent === null
              ? client.conversations.history(asked)
              : client.conversations.replies({ ...asked, ts: parent.ts }),
          ),
        )
        .catch((error: unknown) => {
          throw deliveryError(error, destination(channel));
        });
      const message = found.messages?.find(
        (one) => isPost(one.metadata, name, options.installation) || carriesFile(one, name),
      );
      if (message?.ts !== undefined) return message.ts;
      cursor = found.response_metadata?.next_cursor;
      if (cursor === undefined || cursor === '') return null;
    }
    return null;
  }

  function drawn(name: PostName, message: Message, card: boolean): Rendered {
    return renderMessage(message, { card, id: blockIds(name, JSON.stringify(message)) });
  }

  /** Without its bytes a file cannot be shared any more; what the message says of it is told all the same. */
  async function share(name: PostName, message: Message & { file: { id: number; name: string } }, parent: Ref) {
    const bytes = await readFile(message.file.id);
    const { channel, ts: thread } = parent;
    const { blocks } = drawn(name, message, false);
    const lane = laneOf(channel);
    return lane.run(async (): Promise<PostRef> => {
      try {
        if (bytes === null) {
          const metadata = postMetadata(name, options.installation);
          const body = { channel, text: shortText(message), blocks, metadata, ...folded, thread_ts: thread };
          const { ts } = await call(lane, () => postNew(body));
          return { channel, ts: ts ?? '', thread } satisfies Ref;
        }
        const wanted = { channel, thread, message, blocks, bytes, timeoutMs: timing.callMs };
        const file = await call(lane, () => shareFile(client, wanted));
        return { channel, ts: '', thread, file } satisfies Ref;
      } catch (error) {
        throw fileError(error, destination(channel));
      }
    });
  }

  return {
    async post(name: PostName, message: Message, thread: PostRef | null, announce = false): Promise<PostRef> {
      const parent = thread === null ? null : readRef(thread);
      if (message.file !== null && parent !== null) return share(name, { ...message, file: message.file }, parent);
      const channel = parent?.channel ?? name.channel ?? options.channel;
      const lane = laneOf(channel);
      const whole = drawn(name, message, parent === null);
      return lane.run(() =>
        send({ lane, channel, message, whole }, async ({ text, blocks }) => {
          const metadata = postMetadata(name, options.installation);
          const body = { channel, text, blocks, metadata, ...folded };
          const { ts } = await postNew(
            parent === null ? body : { ...body, thread_ts: parent.ts, reply_broadcast: announce },
          );
          if (ts === undefined) throw new DeliveryError('later', 'Slack took a message without naming it.');
          return { channel, ts, thread: parent?.ts ?? null } satisfies Ref;
        }),
      );
    },
    async edit(name: PostName, stored: PostRef, message: Message): Promise<void> {
      const { channel, ts, thread, file } = readRef(stored);
      if (file !== undefined) return;
      const whole = drawn(name, message, thread === null);
      return editing.run(async () => {
        await send({ lane: editing, channel, message, whole }, ({ text, blocks }) => {
          const metadata = postMetadata(name, options.installation);
          return update({ channel, ts, text, blocks, metadata, ...literal });
        });
      });
    },
    /** Slack may show what it took a little later, so a post that is not there is looked for again before it counts as lost. */
    async find(name: PostName, thread: PostRef | null): Promise<PostRef | null> {
      const parent = thread === null ? null : readRef(thread);
      const channel = parent?.channel ?? name.channel ?? options.channel;
      for (let looks = 1; ; looks += 1) {
        const ts = await look(name, channel, parent);
        if (ts !== null) return { channel, ts, thread: parent?.ts ?? null } satisfies Ref;
        if (looks >= timing.looks) return null;
        await sleep(timing.lookMs, undefined, { signal: closing.signal }).catch(() => {
          throw new DeliveryError('later', 'The bot is shutting down.');
        });
      }
    },
    close() {
      closing.abort();
      for (const lane of [...lanes.values(), editing, looking]) lane.close();
    },
  };
}

/** Files take a right of their own: without it only they wait, and nothing else. */
function fileError(error: unknown, where: Destination): DeliveryError {
  const { kind, message, retryAfterMs, needsPerson } = deliveryError(error, where);
  const onlyThis = slackCode(error) === 'missing_scope';
  return new DeliveryError(kind, message, retryAfterMs, { needsPerson, onlyThis });
}

/** Where one of our messages is opened; `workspace` is the address of Slack's client for it. Null when it has no place. */
export function permalink(workspace: string | null, stored: PostRef): string | null {
  const ref = Ref.safeParse(stored);
  if (workspace === null || !ref.success || ref.data.ts === '') return null;
  const { channel, ts, thread } = ref.data;
  const path = `archives/${channel}/p${ts.replace('.', '')}`;
  return `${workspace}${path}${thread === null ? '' : `?thread_ts=${thread}&cid=${channel}`}`;
}

function readRef(stored: PostRef): Ref {
  const ref = Ref.safeParse(stored);
  if (!ref.success) throw new DeliveryError('gone', 'The reference of this message cannot be read.');
  return ref.data;
}
