/** A strict Discord on 127.0.0.1: REST v10 and gateway, for the real discord.js. Nothing leaves the machine. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, type Faults } from './faults.ts';
import { createFakeGateway, type FakeGateway } from './gateway.ts';
import { createPeople, type People } from './person.ts';
import { answerRest, type Call } from './rest.ts';
import { shownText } from './text.ts';
import { createWorld, snowflake, type FakeMessage, type Outcome, type World } from './world.ts';
export type { Outcome } from './world.ts';

/** How the fake is set up. */
export interface FakeDiscordOptions {
  token?: string;
  /** How long an interaction waits for its first answer, milliseconds. */
  ackMs?: number;
  heartbeatMs?: number;
}

/** A running fake; dispose of it to close it. */
export interface FakeDiscord extends AsyncDisposable {
  /** For `apiUrl`. */
  url: string;
  world: World;
  gateway: FakeGateway;
  faults: Faults;
  people: People;
  /** Every REST call so far. */
  calls: Call[];
  /** Messages that stand in a channel or thread, oldest first. */
  messagesIn(channel: string): FakeMessage[];
  /** What a person reads in a message. */
  textOf(message: FakeMessage): string;
  /** A message of the bot with one button, as an older version of it may have left behind. */
  plant(customId: string, channel?: string): string;
  /** Another channel beside the first; its id. */
  addChannel(name: string): string;
  deleteMessage(id: string): void;
  /** A channel or thread goes with everything in it. */
  deleteChannel(id: string): void;
  /** Nobody answers any more, as when the network is gone; `reachable` ends it. */
  unreachable(): Promise<void>;
  reachable(): Promise<void>;
}

export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const world = createWorld({ token: options.token ?? 'the-right-token', ackMs: options.ackMs ?? 3_000 });
  const faults = createFaults();
  const people = createPeople(world);
  const calls: Call[] = [];
  let port = 0;
  const gatewayUrl = () => `ws://127.0.0.1:${port}/gateway`;
  const gateway = createFakeGateway(world, gatewayUrl, options.heartbeatMs ?? 41_250);
  world.dispatch = gateway.dispatch;
  let server: Server | null = null;

  async function listen(): Promise<void> {
    const listening = createServer((request, response) => {
      answerRest(world, faults, calls, gatewayUrl(), request, response).catch((error: unknown) => {
        world.complaints.push(`the fake itself failed: ${String(error)}`);
        response.destroy();
      });
    });
    listening.on('upgrade', gateway.upgrade);
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    port = (listening.address() as AddressInfo).port;
    server = listening;
  }

  async function close(): Promise<void> {
    const closing = server;
    server = null;
    gateway.cut();
    closing?.closeAllConnections();
    await new Promise((resolve) => (closing === null ? resolve(null) : closing.close(resolve)));
  }

  await listen();
  return {
    url: `http://127.0.0.1:${port}/api`,
    world,
    gateway,
    faults,
    people,
    calls,
    messagesIn: (channel) => [...world.messages.values()].filter((message) => message.channel === channel),
    textOf: shownText,
    plant(customId, channel = world.channel) {
      const id = snowflake();
      const button = { type: 2, style: 1, label: 'a button', custom_id: customId };
      const components = [{ type: 1, components: [button] }];
      world.messages.set(id, {
        id,
        channel,
        author: world.bot,
        content: '',
        components,
        attachments: [],
        flags: 1 << 15,
        nonce: null,
        edits: 0,
      });
      return id;
    },
    addChannel(name) {
      const id = snowflake();
      world.channels.set(id, { id, type: 0, name, parent: null, archived: false, locked: false });
      return id;
    },
    deleteMessage: (id) => void world.messages.delete(id),
    deleteChannel(id) {
      const gone = [...world.channels.values()].filter((one) => one.id === id || one.parent === id);
      for (const channel of gone) {
        world.channels.delete(channel.id);
        for (const one of world.messages.values()) if (one.channel === channel.id) world.messages.delete(one.id);
      }
    },
    unreachable: close,
    reachable: listen,
    async [Symbol.asyncDispose]() {
      people.stop();
      await close();
    },
  };
}

/** The text of an answer, or what it was instead. */
export function outcomeText(outcome: Outcome): string {
  return outcome.kind === 'message' ? outcome.text : outcome.kind;
}
