/**
 * Slack's requests over HTTP, for a bot that Slack can reach: verified with the signing secret, else refused unread. The
 * server is ours and the library only reads: its own server has no deadlines, lets any future through, and cannot be
 * closed while somebody holds a connection open.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HTTPModuleFunctions, HTTPReceiver, isRawBodyError, type App, type Logger } from '@slack/bolt';
import { HTTP_PATH, type SlackHttp, type SlackLog, type SlackTiming } from './options.ts';
import type { Fault } from './faults.ts';
import type { Socket } from './sockets.ts';

/** Slack may be this far ahead of our clock, seconds. The library refuses what is older, and lets any future pass. */
const SKEW_S = 300;
/** Longest body that is read, bytes: Slack's largest, a submitted modal of 250 kB, is thrice as long when it is encoded. */
const BODY_LIMIT = 1_000_000;
/** A request has to be here whole within this long, milliseconds; those that hang are looked for as often. */
const DEADLINES = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
const HEADER_LIMIT = 16_384;
/** Connections taken at once. */
const CONNECTION_LIMIT = 500;
/** How long a connection may go on after a stop, milliseconds. */
const CLOSE_WITHIN_MS = 1_000;

/** Where Slack's requests are taken. */
export interface HttpDoor extends Socket {
  /** The port that is listened on, or null. */
  port(): number | null;
}

/** What the door needs. */
export interface HttpDoorParts {
  app: App;
  http: SlackHttp;
  timing: SlackTiming;
  logger: Logger;
  log: SlackLog;
}

/** Listens until stopped; a port that is taken is tried again. Never throws. */
export function openHttpDoor({ app, http, timing, logger, log }: HttpDoorParts): HttpDoor {
  const stopped = new AbortController();
  const receiver = new HTTPReceiver({ signingSecret: http.signingSecret, logger, bodyLimit: BODY_LIMIT });
  receiver.init(app);
  let server: Server | null = null;
  let fault: Fault | null = null;

  async function keep(): Promise<void> {
    while (!stopped.signal.aborted && server === null) {
      try {
        server = await listening(http, take);
        fault = null;
        log.info({ port: portOf(server), path: HTTP_PATH }, "Slack's requests are taken over HTTP");
      } catch (error) {
        const why = faultOf(error as NodeJS.ErrnoException, http);
        if (why !== fault?.why) log.warn({ why }, "Slack's requests cannot be taken; it is tried again");
        fault = { why, needsPerson: true };
        await sleep(timing.longestRetryMs / 10, undefined, { signal: stopped.signal }).catch(() => {});
      }
    }
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== HTTP_PATH) return refuse(response, 404);
    if (request.method !== 'POST') return refuse(response, 405);
    if (isAhead(request.headers['x-slack-request-timestamp'])) {
      log.warn({}, 'a request signed for the future was refused: the clock of this machine may be behind');
      return refuse(response, 401);
    }
    void hand(request, response);
  }

  /** Only what is signed and says something is handed on: at a body that is `null` the library would end the process. */
  async function hand(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = await refusalOf(request);
    if (status === null) receiver.requestListener(request, response);
    else response.writeHead(status).end();
  }

  async function refusalOf(request: IncomingMessage): Promise<number | null> {
    const terms = { signingSecret: http.signingSecret, bodyLimit: BODY_LIMIT, logger };
    try {
      const signed = await HTTPModuleFunctions.parseAndVerifyHTTPRequest(terms, request);
      return saysSomething(signed) ? null : 400;
    } catch (error) {
      log.warn({}, "a request was refused that is not whole, or not signed with Slack's secret");
      return isRawBodyError(error) && error.statusCode === 413 ? 413 : 401;
    }
  }

  const running = keep();
  return {
    port: () => (server === null ? null : portOf(server)),
    isOpen: () => server !== null,
    fault: () => fault,
    async stop() {
      stopped.abort();
      await running;
      const closing = server;
      server = null;
      if (closing !== null) await close(closing);
    },
  };
}

async function listening({ port, host }: SlackHttp, take: (...given: [IncomingMessage, ServerResponse]) => void) {
  const server = createServer({ ...DEADLINES, maxHeaderSize: HEADER_LIMIT }, take);
  server.maxConnections = CONNECTION_LIMIT;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.on('error', () => {});
  return server;
}

async function close(server: Server): Promise<void> {
  const overdue = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(overdue);
}

/** What is not for Slack, or not from it, is not read on. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { Connection: 'close' }).end();
}

/** Slack sends an object, whatever it has to say. */
function saysSomething(signed: Parameters<typeof HTTPModuleFunctions.parseHTTPRequestBody>[0]): boolean {
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(signed);
    return typeof body === 'object' && body !== null && !Array.isArray(body);
  } catch {
    return false;
  }
}

function isAhead(timestamp: string | string[] | undefined): boolean {
  return Number(timestamp) > Date.now() / 1000 + SKEW_S;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function faultOf({ code }: NodeJS.ErrnoException, { port, host }: SlackHttp): string {
  if (code === 'EADDRNOTAVAIL')
    return `This machine has no address ${host}: set SLACK_HOST to one it has, or to 0.0.0.0.`;
  if (code === 'EACCES') return `This user may not open port ${port}: set SLACK_PORT to a number from 1024 on.`;
  return `Port ${port} on ${host} is not free for Slack's requests: set SLACK_PORT to another one, or free it.`;
}
