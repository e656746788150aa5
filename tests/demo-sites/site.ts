/** One demo site: a real HTTP server that answers as its definition says, in the mood it is in, and keeps a log. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { chanceOf } from './chance.ts';
import type { SiteDefinition, SiteRequest } from './definition.ts';
import type { DemoWorld } from './matches.ts';
import { createMoods, type Mood } from './mood.ts';

/** One request in a site's log. `status` is 0 while it is unanswered, and stays 0 when the connection was cut. */
export interface DemoRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  status: number;
  at: Date;
  itemKey?: string;
}

/** A running site, and the handle by which tests and the demo steer it. */
export interface DemoSite extends AsyncDisposable {
  readonly url: string;
  readonly mood: Mood;
  setMood(mood: Mood): void;
  readonly requests: readonly DemoRequest[];
  clearRequests(): void;
}

/** Starts a site on a free port of this machine. `latencyMs` is how long an answer takes on average. */
export async function startSite(
  definition: SiteDefinition,
  world: DemoWorld,
  options: { latencyMs: number; mood: Mood },
): Promise<DemoSite> {
  const moods = createMoods(definition, world);
  const closing = new AbortController();
  const requests: DemoRequest[] = [];
  let mood = options.mood;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    const itemKey = definition.itemKey(request);
    const { method, path, query } = request;
    const entry: DemoRequest = { method, path, query, status: 0, at: new Date(), ...(itemKey && { itemKey }) };
    requests.push(entry);
    const reply = moods.reply(mood, request, itemKey);
    const jitter = 0.5 + chanceOf(world.seed, 'latency', requests.length);
    const delay = mood === 'slow' ? 300 : options.latencyMs * jitter;
    if (delay > 0) await wait(delay, undefined, { signal: closing.signal });
    if (reply === 'never') return;
    if (reply === 'cut') {
      incoming.socket.resetAndDestroy();
      return;
    }
    entry.status = reply.status;
    response.writeHead(reply.status, reply.type ? { 'content-type': reply.type } : {});
    response.end(reply.body);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    get mood() {
      return mood;
    },
    setMood(next) {
      mood = next;
      moods.reset();
    },
    requests,
    clearRequests() {
      requests.length = 0;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<SiteRequest> {
  const url = new URL(incoming.url ?? '/', 'http://site.invalid');
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
