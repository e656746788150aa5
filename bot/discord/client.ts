/** One discord.js Client: made for one try to be connected, and thrown away with everything it may still be doing. */
import { Client, Events, GatewayDispatchEvents, GatewayIntentBits, Options, SimpleShardingStrategy } from 'discord.js';
import type { IdentifyBudget } from './identify-budget.ts';

/** Longest a Client may take to say goodbye, milliseconds. */
const GOODBYE_MS = 2_000;

/** What a Client is made of. */
export interface ClientParts {
  apiUrl: string | null;
  timeoutMs: number;
  budget: IdentifyBudget;
}

/** A Client and the way to be rid of it. */
export interface DisposableClient {
  client: Client;
  /** Ends it for good: what it may still have in mind, a reconnect for instance, no longer happens. */
  retire(): Promise<void>;
}

/** Makes a Client that listens to slash commands, buttons and forms, and needs no privileged intent for it. */
export function createClient({ apiUrl, timeoutMs, budget }: ClientParts): DisposableClient {
  let retired = false;
  const client: Client = new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    enforceNonce: true,
    waitGuildTimeout: 5_000,
    rest: {
      ...(apiUrl === null ? {} : { api: apiUrl }),
      retries: 0,
      timeout: timeoutMs,
      // Asked to wait, the library would ask again by itself, at once when it is not told how long.
      rejectOnRateLimit: () => true,
    },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      GuildMemberManager: { maxSize: 50, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 50, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
    ws: {
      buildIdentifyThrottler: () => budget,
      buildStrategy(manager): SimpleShardingStrategy {
        // A destroyed Client may be in the half second before it reconnects, and then does. It asks for its session
        // first, and is left waiting for that.
        const retrieve = manager.options.retrieveSessionInfo;
        manager.options.retrieveSessionInfo = (id) => (retired ? new Promise(() => {}) : retrieve(id));
        return guardShards(new SimpleShardingStrategy(manager), client);
      },
    },
  });
  // Without a listener an `error` event ends the process.
  client.on(Events.Error, () => {});
  guardPackets(client);
  return {
    client,
    async retire() {
      retired = true;
      const given = AbortSignal.timeout(GOODBYE_MS);
      await Promise.race([
        client.destroy().catch(() => {}),
        new Promise((resolve) => given.addEventListener('abort', resolve)),
      ]);
    },
  };
}

/** Below packets it is the same: nobody catches what reading a frame throws, at a greeting without its contents for instance. */
function guardShards(strategy: SimpleShardingStrategy, client: Client): SimpleShardingStrategy {
  const { shards } = strategy as unknown as {
    shards: Map<number, { onMessage: (...frame: unknown[]) => Promise<void> }>;
  };
  const spawn = strategy.spawn.bind(strategy);
  strategy.spawn = async (ids) => {
    await spawn(ids);
    for (const shard of shards.values()) {
      const read = shard.onMessage.bind(shard);
      shard.onMessage = (...frame) => read(...frame).catch((error: unknown) => unread(client, error));
    }
  };
  return strategy;
}

/**
 * The library reads every packet in a callback whose errors nobody catches: one it does not understand, a new kind of
 * interaction for instance, would end the process. Interactions are read by us alone, from the packet as it came.
 */
function guardPackets(client: Client): void {
  const packets = client.ws as unknown as { handlePacket: (packet?: { t?: string }, shard?: unknown) => boolean };
  const read = packets.handlePacket.bind(packets);
  packets.handlePacket = (packet, shard) => {
    if (packet?.t === GatewayDispatchEvents.InteractionCreate) return true;
    try {
      return read(packet, shard);
    } catch (error) {
      unread(client, error);
      return false;
    }
  };
}

function unread(client: Client, error: unknown): void {
  client.emit(Events.Error, error instanceof Error ? error : new Error('a packet could not be read'));
}
