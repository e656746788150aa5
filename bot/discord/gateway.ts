/**
 * The connection to Discord, kept up without ever ending the process: each try has a Client of its own, since one that
 * failed to log in never gets ready again, and one that hangs is replaced. What is wrong stands in `state()`.
 */
import { Events, GatewayDispatchEvents, type APIInteraction, type Client } from 'discord.js';
import type { SurfaceState } from '#bot/chat/surface.ts';
import { createClient } from './client.ts';
import { closeWords, isConfigurationClose, loginWords, placeWords } from './gateway-words.ts';
import { logFields } from './delivery.ts';
import { createIdentifyBudget } from './identify-budget.ts';
import type { Log } from './log.ts';
import { pause } from './pause.ts';

/** Waits of the connection, milliseconds; shortened in tests. */
export interface GatewayTiming {
  /** First wait after a failed try; doubles, with jitter. */
  retryMs: number;
  /** Longest wait while Discord cannot be reached. */
  longestRetryMs: number;
  /** Wait after a refusal that only a person can change: a wrong token, a missing intent, a missing right. */
  refusedMs: number;
  /** A Client that was not ready for so long is replaced. */
  stuckMs: number;
  /** Least time between two new sessions. */
  identifyGapMs: number;
}

/** What the connection is made of. */
export interface GatewayParts {
  token: string;
  apiUrl: string | null;
  timeoutMs: number;
  guild: string;
  channel: string;
  timing: GatewayTiming;
  log: Log;
  /** Called each time the connection is up and the server is there. */
  onUp: (applicationId: string) => void;
  onInteraction: (interaction: APIInteraction) => void;
}

/** A connection that is kept up. */
export interface Gateway {
  start(): void;
  state(): SurfaceState;
  stop(): Promise<void>;
}

/** How a Client's life ended. */
interface Ending {
  why: string;
  /** Only a person can change it. */
  refused: boolean;
  /** Discord wants to be left alone for so long, milliseconds. */
  waitMs?: number;
}

/** Makes the connection; it can be started and stopped again and again. */
export function createGateway(parts: GatewayParts): Gateway {
  const { timing, log } = parts;
  const budget = createIdentifyBudget(timing.identifyGapMs);
  let state: SurfaceState = { kind: 'connecting' };
  let running: { stop: AbortController; done: Promise<void> } | null = null;

  async function keepUp(stop: AbortSignal): Promise<void> {
    let failures = 0;
    while (!stop.aborted) {
      let wasUp = false;
      const ending = await live(stop, () => (wasUp = true));
      if (ending === null) return;
      state = down(ending.why, ending.refused);
      log.warn({ why: ending.why }, 'the connection to Discord ended; it is tried again');
      failures = wasUp ? 1 : failures + 1;
      const doubled = Math.min(timing.longestRetryMs, timing.retryMs * 2 ** Math.min(failures - 1, 20));
      const wait = ending.refused ? Math.max(timing.refusedMs, doubled) : doubled;
      await pause(Math.max(ending.waitMs ?? 0, wait * (0.5 + Math.random() / 2)), stop);
    }
  }

  /** Lives with one Client until it is of no more use; null when told to stop. */
  async function live(stop: AbortSignal, onUp: () => void): Promise<Ending | null> {
    const { client, retire } = createClient({ apiUrl: parts.apiUrl, timeoutMs: parts.timeoutMs, budget });
    const ended = Promise.withResolvers<Ending | null>();
    let over = false;
    let connected = false;
    let notUpSince = Date.now();

    function refresh(): void {
      if (over || !connected) return;
      const why = placeWords(client, parts.guild, parts.channel);
      const before = state.kind;
      state = why === null ? { kind: 'up' } : down(why, client.guilds.cache.get(parts.guild)?.available !== false);
      if (why !== null || before === 'up') return;
      onUp();
      log.info({}, 'connected to Discord');
      parts.onUp(client.application?.id ?? '');
    }

    function connectedIs(now: boolean): void {
      if (over) return;
      if (!now && connected) notUpSince = Date.now();
      connected = now;
      if (now) refresh();
      else if (state.kind === 'up') state = { kind: 'connecting' };
    }

    listen(client, { refresh, connectedIs, end: ended.resolve, log });
    client.ws.on(GatewayDispatchEvents.InteractionCreate, (interaction: APIInteraction) => {
      if (!over) parts.onInteraction(interaction);
    });
    const watch = setInterval(() => {
      const stuck = !connected && Date.now() - notUpSince > timing.stuckMs;
      if (stuck)
        ended.resolve({ why: 'Discord does not let the bot in: it tries again from the start.', refused: false });
    }, timing.stuckMs / 4);
    const onStop = () => ended.resolve(null);
    stop.addEventListener('abort', onStop);
    client.login(parts.token).catch((error: unknown) => {
      if (!over) log.warn(logFields(error), 'logging in to Discord failed');
      ended.resolve(loginWords(error));
    });
    const ending = await ended.promise;
    over = true;
    clearInterval(watch);
    stop.removeEventListener('abort', onStop);
    await retire();
    return ending;
  }

  return {
    start() {
      if (running !== null) return;
      state = { kind: 'connecting' };
      const stop = new AbortController();
      running = { stop, done: keepUp(stop.signal) };
    },
    state: () => state,
    async stop() {
      const stopping = running;
      running = null;
      stopping?.stop.abort();
      await stopping?.done;
      if (running === null) state = { kind: 'connecting' };
    },
  };
}

function down(why: string, needsPerson: boolean): SurfaceState {
  return { kind: 'down', why, ...(needsPerson ? { needsPerson } : {}) };
}

interface Listening {
  refresh: () => void;
  connectedIs: (now: boolean) => void;
  end: (ending: Ending) => void;
  log: Log;
}

function listen(client: Client, { refresh, connectedIs, end, log }: Listening): void {
  for (const event of [Events.ClientReady, Events.ShardReady, Events.ShardResume] as const) {
    client.on(event, () => connectedIs(client.isReady()));
  }
  client.on(Events.ShardReconnecting, () => connectedIs(false));
  client.on(Events.ShardDisconnect, (closed) => {
    const { code } = closed;
    connectedIs(false);
    end({ why: closeWords(code), refused: isConfigurationClose(code) });
  });
  client.on(Events.ShardError, (error) => log.warn(logFields(error), 'the connection to Discord has trouble'));
  client.on(Events.Error, (error) => log.warn(logFields(error), 'the Discord library reported an error'));
  for (const event of [
    Events.GuildCreate,
    Events.GuildDelete,
    Events.GuildAvailable,
    Events.GuildUnavailable,
    Events.ChannelCreate,
    Events.ChannelDelete,
  ] as const) {
    client.on(event, refresh);
  }
}
