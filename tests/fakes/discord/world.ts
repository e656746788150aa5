/** What the fake Discord holds: one server, its channels and threads, every message, every interaction. */

export type Json = Record<string, unknown>;

/** Refused as Discord refuses: an HTTP status and a code of its own. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface FakeChannel {
  id: string;
  /** 0: text, 2: voice, 11: thread. */
  type: 0 | 2 | 11;
  name: string;
  parent: string | null;
  archived: boolean;
  locked: boolean;
  /** What the bot gets there: 50001 when it may not see the channel, 50013 when it may not write. */
  closed?: 50001 | 50013;
  /** Exceptions from what roles allow. */
  overwrites?: Json[];
}

export interface FakeMessage {
  id: string;
  channel: string;
  author: Json;
  content: string;
  components: Json[];
  attachments: { id: string; filename: string; bytes: Uint8Array }[];
  flags: number;
  nonce: string | null;
  /** How often it was changed. */
  edits: number;
}

export interface FakeInteraction {
  id: string;
  token: string;
  type: number;
  bornAt: number;
  payload: Json;
  /** The first answer's type; null while there is none. */
  acked: number | null;
  private: boolean;
  /** Still “thinking…”. */
  deferred: boolean;
  original: FakeMessage | null;
  answered: PromiseWithResolvers<Outcome>;
}

/** What a person sees come back. */
export type Outcome =
  | { kind: 'message'; private: boolean; text: string; message: FakeMessage }
  | { kind: 'form'; modal: Json }
  | { kind: 'choices'; choices: { name: string; value: string | number }[] }
  | { kind: 'failed' };

/** Settings of the world; a token can become wrong and right again. */
export interface World {
  token: string;
  application: Json & { id: string };
  bot: Json & { id: string };
  guild: string;
  channel: string;
  otherGuild: string;
  ackMs: number;
  channels: Map<string, FakeChannel>;
  /** Newest last; deleted ones are gone. */
  messages: Map<string, FakeMessage>;
  /** Whether a message whose thread was deleted can have another one. */
  threadsReopen: boolean;
  /** Messages that had a thread. */
  threaded: Set<string>;
  /** The first message of each nonce, in its channel; a deleted one may still be given back for minutes. */
  nonces: Map<string, FakeMessage>;
  interactions: Map<string, FakeInteraction>;
  commands: Json[];
  /** Roles and the bits of what they allow; the first is `@everyone`. */
  roles: { id: string; permissions: string }[];
  /** Roles the bot has. */
  botRoles: string[];
  /** Whether the bot was added to the server. */
  member: boolean;
  /** Session starts left for today. */
  sessions: number;
  /** Times the command list was written. */
  commandPuts: number;
  /** Every refusal because of what a body looked like; a test of ours expects none. */
  complaints: string[];
  /** Mentions and links that would have worked. */
  pings: string[];
  /** Who was really pinged: a message mentioned them, with leave to. One entry for each ping. */
  notified: string[];
  links: string[];
  dispatch: (event: string, data: Json) => void;
}

let last = 0n;
/** A new id; ids grow, and hold the time, like real ones. */
export function snowflake(): string {
  const now = BigInt(Date.now() - 1_420_070_400_000) << 22n;
  last = now > last ? now : last + 1n;
  return String(last);
}

export function createWorld(options: { token: string; ackMs: number }): World {
  const id = snowflake();
  const guild = snowflake();
  const channel = snowflake();
  const flat: FakeChannel = { id: channel, type: 0, name: 'scrapes', parent: null, archived: false, locked: false };
  return {
    ...options,
    application: { id, flags: 0 },
    bot: { id, username: 'scrapebot', discriminator: '0', global_name: null, avatar: null, bot: true, flags: 0 },
    guild,
    channel,
    otherGuild: snowflake(),
    channels: new Map([[channel, flat]]),
    messages: new Map(),
    threadsReopen: true,
    threaded: new Set(),
    nonces: new Map(),
    interactions: new Map(),
    commands: [],
    // View Channel, Send Messages, Read Message History, Create Public Threads, Send Messages in Threads.
    roles: [
      {
        id: guild,
        permissions: String((1n << 10n) | (1n << 11n) | (1n << 15n) | (1n << 16n) | (1n << 35n) | (1n << 38n)),
      },
    ],
    botRoles: [],
    member: true,
    sessions: 999,
    commandPuts: 0,
    complaints: [],
    pings: [],
    notified: [],
    links: [],
    dispatch: () => {},
  };
}

/** A channel as the API gives it. */
export function channelJson(world: World, channel: FakeChannel): Json {
  const shared = { id: channel.id, type: channel.type, name: channel.name, guild_id: world.guild, flags: 0 };
  if (channel.type !== 11) {
    const permission_overwrites = channel.overwrites ?? [];
    return { ...shared, position: 0, permission_overwrites, parent_id: null, topic: null };
  }
  return {
    ...shared,
    parent_id: channel.parent,
    owner_id: world.bot.id,
    message_count: 0,
    member_count: 1,
    rate_limit_per_user: 0,
    thread_metadata: {
      archived: channel.archived,
      locked: channel.locked,
      auto_archive_duration: 10080,
      archive_timestamp: new Date(0).toISOString(),
    },
  };
}

/** A message as the API gives it; the nonce only comes with the answer to its creation. */
export function messageJson(message: FakeMessage, nonce: string | null = null): Json {
  return {
    id: message.id,
    channel_id: message.channel,
    author: message.author,
    content: message.content,
    components: message.components,
    flags: message.flags,
    type: 0,
    tts: false,
    pinned: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.attachments.map(({ id, filename, bytes }) => ({
      id,
      filename,
      size: bytes.byteLength,
      url: `https://cdn.invalid/${filename}`,
      proxy_url: `https://cdn.invalid/${filename}`,
    })),
    embeds: [],
    timestamp: new Date(0).toISOString(),
    edited_timestamp: message.edits > 0 ? new Date(0).toISOString() : null,
    ...(nonce === null ? {} : { nonce }),
  };
}

/** A field that should be a text; anything else counts as none. */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
