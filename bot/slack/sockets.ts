/**
 * Connections of Socket Mode, supervised: the library's own reconnecting leaves a gap of seconds, ends the process when a
 * token is revoked, and cannot be told when to stop. Each attempt here is a new receiver; two keepers side by side mean
 * that Slack's routine refresh of one connection loses nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SocketModeReceiver, type App, type Logger } from '@slack/bolt';
import { callOptions } from './client.ts';
import { faultOf, retryAfter, type Fault } from './faults.ts';
import type { SlackLog, SlackTiming } from './options.ts';

/** An acknowledgement under way gets this long before a connection that Slack closes is closed, milliseconds. */
const DRAIN_MS = 100;
/** A connection that lived shorter counts as a failure: what greets and closes at once is not connected to in a loop. */
const SHORT_LIFE_MS = 1_000;
/** How long a closing connection may take to say goodbye, milliseconds. */
const GOODBYE_MS = 1_000;

type Client = SocketModeReceiver['client'];

/** What a kept connection needs. */
export interface SocketParts {
  app: App;
  appToken: string;
  apiUrl: string | null;
  timing: SlackTiming;
  logger: Logger;
  log: SlackLog;
}

/** A connection that is kept up. */
export interface Socket {
  isOpen(): boolean;
  /** Why it is not open, for people; null when it is, or when nothing has gone wrong yet. */
  fault(): Fault | null;
  stop(): Promise<void>;
}

/** Keeps one connection open until stopped; whatever goes wrong is tried again. Never throws. */
export function keepSocket(parts: SocketParts): Socket {
  const { timing, log } = parts;
  const stopped = new AbortController();
  let open = false;
  let fault: Fault | null = null;

  async function keep(): Promise<void> {
    for (let failures = 0; !stopped.signal.aborted;) {
      let wait = 0;
      const born = performance.now();
      try {
        await live();
        failures = performance.now() - born < SHORT_LIFE_MS ? failures + 1 : 0;
      } catch (error) {
        if (stopped.signal.aborted) return;
        failures += 1;
        wait = retryAfter(error);
        const before = fault?.why;
        fault = faultOf(error, 'SLACK_APP_TOKEN');
        if (fault.why !== before) log.warn({ why: fault.why }, 'Slack is not connected; it is tried again');
      }
      const longest = Math.min(timing.longestRetryMs, timing.retryMs * 2 ** Math.min(failures, 20));
      const pause = Math.max(wait, failures === 0 ? 0 : Math.random() * longest);
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }

  /** One connection from its first call to its end. Throws when it never opened. */
  async function live(): Promise<void> {
    const client = openClient(parts);
    const closed = Promise.withResolvers<void>();
    client.on('disconnected', () => closed.resolve());
    guardMessages(client, log);
    let given = false;
    // A client given up while it fetches an address would connect all the same.
    client.on('authenticated', () => {
      if (given) setImmediate(() => end(client));
    });
    const ending = Promise.withResolvers<never>();
    const giveUp = () => ending.reject(new Error('no connection in time'));
    const deadline = setTimeout(giveUp, timing.connectMs);
    stopped.signal.addEventListener('abort', giveUp);
    try {
      await Promise.race([client.start(), ending.promise]);
      clearTimeout(deadline);
      open = true;
      fault = null;
      log.info({}, 'Slack is connected');
      await Promise.race([closed.promise, ending.promise.catch(() => goodbye(client, closed.promise))]);
    } finally {
      open = false;
      given = true;
      clearTimeout(deadline);
      stopped.signal.removeEventListener('abort', giveUp);
      ending.promise.catch(() => {});
      end(client);
    }
  }

  const running = keep();
  return {
    isOpen: () => open,
    fault: () => fault,
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

function openClient({ app, appToken, apiUrl, timing, logger }: SocketParts): Client {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    clientPingTimeout: timing.pongMs,
    // Slack pings as well; a silence of six of our own deadlines is one.
    serverPingTimeout: timing.pongMs * 6,
    installerOptions: { clientOptions: callOptions(apiUrl, timing.callMs, logger) },
  });
  receiver.init(app);
  return receiver.client;
}

/**
 * Stands before the library's own reading. It closes at once when Slack asks to reconnect, and an acknowledgement that is
 * being written would be lost; and nobody catches what it throws at a message it cannot read, which would end the process.
 */
function guardMessages(client: Client, log: SlackLog): void {
  const handlers = client.listeners('ws_message') as ((data: unknown, binary: boolean) => Promise<void>)[];
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, binary: boolean) => {
    const unread = () => log.warn({}, 'a message from Slack could not be read');
    const pass = () => handlers.forEach((handle) => void handle(data, binary).catch(unread));
    if (typeof data === 'string' && /"type"\s*:\s*"disconnect"/.test(data.slice(0, 500))) setTimeout(pass, DRAIN_MS);
    else pass();
  });
}

async function goodbye(client: Client, closed: Promise<void>): Promise<void> {
  client.disconnect().catch(() => {});
  await Promise.race([closed, sleep(GOODBYE_MS, undefined, { ref: false })]);
}

/** Ends a connection for good: the first call says goodbye, the second one cuts what does not answer. */
function end(client: Client): void {
  for (let call = 0; call < 2; call += 1) client.disconnect().catch(() => {});
}
