/** A strict Slack on 127.0.0.1: Web API, Socket Mode, and people in front of it. It refuses what Slack refuses. */
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { openPerson } from './person.ts';
import { openSocketMode } from './socket-mode.ts';
import { openState, type Fault, type StoredMessage } from './state.ts';
import { createWebApi } from './web-api.ts';

export type { Fault, StoredMessage } from './state.ts';

/** The app's manifest, as far as the fake and its tests read it. */
export interface Manifest {
  features: {
    shortcuts: { name: string; type: string; callback_id: string; description: string }[];
    slash_commands: { command: string; description: string; usage_hint: string; should_escape: boolean }[];
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { bot_events: string[] };
    interactivity: { is_enabled: boolean };
    socket_mode_enabled: boolean;
  };
}

/** The manifest that is handed to people: the fake's app has its rights and no others. */
export function readManifest(): Manifest {
  return parse(readFileSync(new URL('../../../bot/slack/manifest.yaml', import.meta.url), 'utf8')) as Manifest;
}

export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>;

/** Starts the fake. Scopes are those of the manifest, unless given. */
export async function startFakeSlack(options: { scopes?: readonly string[] } = {}) {
  const state = openState(options.scopes ?? readManifest().oauth_config.scopes.bot);
  let host = '';
  const server = createWebApi(state, () => sockets.openAddress(host));
  const sockets = openSocketMode(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.origin = () => `http://${host}`;
  const person = openPerson(
    state,
    () => `http://${host}`,
    (envelope) => sockets.deliver(envelope),
  );

  return {
    state,
    sockets,
    person,
    apiUrl: `http://${host}/api/`,
    channel: 'C0RUNS',
    /** Makes the next calls of a method go wrong; after those that were told before. */
    fail(method: string, fault: Fault, times = 1): void {
      state.faults.set(method, [...(state.faults.get(method) ?? []), { fault, times }]);
    },
    /** The token has these rights and no others. */
    limit(scopes: readonly string[]): void {
      state.scopes.clear();
      for (const scope of scopes) state.scopes.add(scope);
    },
    heal(): void {
      state.faults.clear();
    },
    /** Messages that stand, oldest first. */
    standing: (): StoredMessage[] => state.messages.filter((message) => !message.deleted),
    /** The only message whose text says this. */
    saying(words: string): StoredMessage {
      const found = state.messages.filter((message) => !message.deleted && message.seen.includes(words));
      const [message] = found;
      if (message === undefined || found.length > 1) throw new Error(`${found.length} messages say "${words}"`);
      return message;
    },
    async [Symbol.asyncDispose]() {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
