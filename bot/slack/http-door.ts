/** Slack's requests over HTTP, for a bot that Slack can reach: verified with the signing secret, else refused unread. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { HTTPReceiver, type App, type Logger } from '@slack/bolt';
import type { SlackLog, SlackTiming } from './options.ts';
import type { Socket } from './sockets.ts';

/** Slack may be this far ahead of our clock, seconds. The library refuses what is older, and lets any future pass. */
const SKEW_S = 300;

/** Where Slack's requests are taken. */
export interface HttpDoor extends Socket {
  /** The port that is listened on, or null. */
  port(): number | null;
}

/** What the door needs. */
export interface HttpDoorParts {
  app: App;
  signingSecret: string;
  http: { port: number; host?: string };
  timing: SlackTiming;
  logger: Logger;
  log: SlackLog;
}

/** Listens until stopped; a port that is taken is tried again. Never throws. */
export function openHttpDoor({ app, signingSecret, http, timing, logger, log }: HttpDoorParts): HttpDoor {
  const stopped = new AbortController();
  let port: number | null = null;
  let fault: string | null = null;
  let receiver: HTTPReceiver | null = null;

  async function keep(): Promise<void> {
    while (!stopped.signal.aborted && port === null) {
      const next = new HTTPReceiver({
        signingSecret,
        endpoints: '/slack/events',
        logger,
        customPropertiesExtractor: (request) => ({
          fromTheFuture: isAhead(request.headers['x-slack-request-timestamp']),
        }),
      });
      next.init(app);
      try {
        const server = await next.start({ port: http.port, host: http.host });
        receiver = next;
        port = (server.address() as AddressInfo).port;
        fault = null;
      } catch {
        const why = `The port ${http.port} for Slack's requests cannot be listened on: free it, or set another one.`;
        if (why !== fault) log.warn({ why }, "Slack's requests cannot be taken; it is tried again");
        fault = why;
        await sleep(timing.longestRetryMs / 10, undefined, { signal: stopped.signal }).catch(() => {});
      }
    }
  }

  const running = keep();
  return {
    port: () => port,
    isOpen: () => port !== null,
    fault: () => fault,
    async stop() {
      stopped.abort();
      await running;
      port = null;
      await receiver?.stop().catch(() => {});
    },
  };
}

function isAhead(timestamp: string | string[] | undefined): boolean {
  return Number(timestamp) > Date.now() / 1000 + SKEW_S;
}
