/** Slack as a surface: posts into one channel, and hears commands, presses, forms, mentions and a shortcut. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answers, Surface, SurfaceState } from '#bot/chat/surface.ts';
import { App, type Receiver } from '@slack/bolt';
import { callOptions, openClients } from './client.ts';
import type { Fault } from './faults.ts';
import { openGroups } from './groups.ts';
import { openHttpDoor, type HttpDoor } from './http-door.ts';
import { learnIdentity, type Identity } from './identity.ts';
import { libraryLog } from './library-log.ts';
import { listen } from './listeners.ts';
import { usualTiming, type SlackOptions } from './options.ts';
import { openPeople } from './people.ts';
import { openPosts, permalink } from './posts.ts';
import { openReplies } from './replies.ts';
import { openSeal } from './seal.ts';
import { keepSocket, type Socket } from './sockets.ts';

/** Connections kept at once: Slack refreshes each every few hours, and while none is open, presses are lost for good. */
const SOCKETS = 2;
/** Private answers on their way at once. */
const ANSWERS_AT_ONCE = 8;

/** Slack, with what only it has. */
export interface SlackSurface extends Surface {
  /** The port Slack's requests are taken on over HTTP; null otherwise. */
  port(): number | null;
}

/** Opens Slack as a surface. Nothing is sent before `start`; no fault of Slack's ever throws out of it but as a DeliveryError. */
export function createSlack(options: SlackOptions): SlackSurface {
  const timing = { ...usualTiming, ...options.timing };
  const { log } = options;
  const secrets = [options.botToken, options.appToken, options.http?.signingSecret].filter(
    (one) => typeof one === 'string',
  );
  const logger = libraryLog(log, secrets);
  const clients = openClients(options, timing, logger);
  let identity: Identity | null = null;
  let lines: Socket[] = [];
  let door: HttpDoor | null = null;
  let asked: Answers | null = null;
  let settled = async () => {};
  const posts = openPosts({
    client: clients.posting,
    options,
    timing,
    onOutcome: (error) => identity?.note(error),
    readFile: async (id) => (await asked?.file?.(id)) ?? null,
  });

  /** The library's app without its own token check, which would end the process over a wrong token. */
  function openApp(): App {
    return new App({
      receiver: noReceiver,
      authorize: async () => ({
        botToken: options.botToken,
        botId: identity?.self()?.bot,
        botUserId: identity?.self()?.botUser,
      }),
      convoStore: false,
      logger,
      clientOptions: { ...callOptions(options.apiUrl, timing.quickCallMs, logger), fetch: timely(timing.quickCallMs) },
    });
  }

  function connect(app: App): Socket[] {
    const { appToken, apiUrl, http } = options;
    if (appToken !== null) {
      return Array.from({ length: SOCKETS }, () => keepSocket({ app, appToken, apiUrl, timing, logger, log }));
    }
    if (http === null) return [];
    door = openHttpDoor({ app, http, timing, logger, log });
    return [door];
  }

  return {
    name: 'slack',
    home: options.channel,
    // Slack takes 50 edits a minute from the whole app.
    progressGap: () => timing.progressMs,
    async start(answers) {
      asked = answers;
      identity = learnIdentity(clients.quick, timing, log);
      const team = () => identity?.self()?.team ?? null;
      const app = openApp();
      const lookUp = openPeople(clients.quick, team, timing.personMs, log);
      const groupsOf = openGroups(clients.quick, options.groups, timing, log);
      const seal = openSeal(options.botToken, options.installation);
      const replies = openReplies(clients.quick, seal, log);
      ({ settled } = listen(app, { answers, lookUp, groupsOf, team, replies, seal, timing, log }));
      lines = connect(app);
    },
    state(): SurfaceState {
      if (identity === null) return { kind: 'connecting' };
      const fault = identity.fault() ?? (lines.some((line) => line.isOpen()) ? null : firstFault(lines));
      if (fault !== null) return downBy(fault);
      if (lines.length === 0) {
        const why = 'Slack hands nothing in: set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET for HTTP.';
        return downBy({ why, needsPerson: true });
      }
      const up = identity.self() !== null && lines.some((line) => line.isOpen());
      return { kind: up ? 'up' : 'connecting' };
    },
    post: posts.post,
    edit: posts.edit,
    find: posts.find,
    urlOf: (ref) => permalink(identity?.self()?.url ?? null, ref),
    port: () => door?.port() ?? null,
    async stop() {
      posts.close();
      // What was asked is still answered, and acknowledged over connections that are open for it.
      await Promise.race([settled(), sleep(timing.answerMs + timing.quickCallMs, undefined, { ref: false })]);
      await Promise.all([identity?.stop(), ...lines.map((line) => line.stop())]);
      lines = [];
    },
  };
}

function downBy({ why, needsPerson }: Fault): SurfaceState {
  return { kind: 'down', why, ...(needsPerson ? { needsPerson } : {}) };
}

function firstFault(lines: readonly Socket[]): Fault | null {
  return lines.map((line) => line.fault()).find((fault) => fault !== null) ?? null;
}

/** Receivers come and go with their connections; the app is made without one. */
const noReceiver: Receiver = {
  init() {},
  start: async () => {},
  stop: async () => {},
};

/**
 * Private answers go out through this: the library's own way has no deadline, and would open a connection for each of
 * many. They are not what Slack waits for, so they take turns.
 */
function timely(ms: number): typeof fetch {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (input, init) => {
    if (busy >= ANSWERS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    try {
      return await fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(ms) });
    } finally {
      // Whoever waits takes this turn; without anybody it is free.
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}
